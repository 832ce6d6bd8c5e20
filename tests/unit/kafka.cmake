tm_test(kafka_groups SOURCES kafka_groups.c LINKS tm_kafka LABELS unit)
