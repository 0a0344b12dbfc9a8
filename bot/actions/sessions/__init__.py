"""Monday night (主题日): what people and the clock both need of sessions."""
