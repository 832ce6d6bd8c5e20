tm_test(views_feed SOURCES views_feed.c LINKS tm_views LABELS unit)
tm_test(views_tables SOURCES views_tables.c LINKS tm_views LABELS unit)
tm_test(views_words SOURCES views_words.c LINKS tm_views LABELS unit)
