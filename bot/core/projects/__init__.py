"""Building projects (项目) planned backward from their last day."""
