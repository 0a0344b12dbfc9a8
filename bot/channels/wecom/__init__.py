"""WeCom (企业微信), where liaisons and leaders are."""
