"""Monday nights (主题日): the session, its agenda, its promises."""
