"""What WeChat and WeCom share: envelopes, tokens, HTTP and the shape of letters."""
