set(TM_VIEWS_CARD_SOURCES
  card.c op_card.c create.c delete.c clear.c produce.c help.c palette.c themes.c groups.c brokers.c log.c)
