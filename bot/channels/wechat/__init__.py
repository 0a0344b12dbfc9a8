"""WeChat Official Accounts (服务号), where entrepreneurs are."""
