/* stores: trust and key stores of Java. librdkafka reads PEM, and PKCS12 for the key; what a store
 * is, its first bytes say better than its name or ssl.*.type: keytool has long written PKCS12 into
 * files named .jks. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "properties_private.h"
#include "text.h"

enum store { STORE_OTHER, STORE_PEM, STORE_PKCS12, STORE_JKS };

static bool
read_store(const struct translation *t, const struct property_entry *entry, enum store *store,
           struct err *e)
{
	unsigned char head[2048];
	FILE *file = fopen(entry->value, "rb");
	struct shown p;
	size_t len;

	if (!file)
		return property_err(e, t, entry, "%s cannot be read: %s",
		                    shown_path(&p, entry->value), strerror(errno));
	errno = 0;
	len = fread(head, 1, sizeof(head) - 1, file);
	if (ferror(file)) {
		int why = errno;

		fclose(file);
		return property_err(e, t, entry, "%s cannot be read: %s",
		                    shown_path(&p, entry->value), strerror(why));
	}
	fclose(file);
	head[len] = '\0';
	/* PKCS12 is DER: a SEQUENCE with a long length. A PEM file may begin with any text. */
	if (len >= 4 && memcmp(head, "\xFE\xED\xFE\xED", 4) == 0)
		*store = STORE_JKS;
	else if (len >= 2 && head[0] == 0x30 && head[1] >= 0x80)
		*store = STORE_PKCS12;
	else
		*store = strstr((const char *)head, "-----BEGIN ") ? STORE_PEM : STORE_OTHER;
	return true;
}

/* Without its directories, so that the command that converts it fits into a sentence. */
static const char *
file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool
property_truststore(const struct translation *t, const struct property_entry *entry, struct err *e)
{
	enum store store;
	struct shown p;

	if (!*entry->value || property_overridden(t, "ssl.ca.location") ||
	    property_overridden(t, "ssl.ca.pem"))
		return true;
	if (!read_store(t, entry, &store, e))
		return false;
	if (store == STORE_PEM) {
		connection_set(t->conn, "ssl.ca.location", entry->value);
		return true;
	}
	shown_path(&p, file_name(entry->value));
	if (store == STORE_OTHER)
		return property_err(e, t, entry,
		                    "%s is no trust store: librdkafka wants certificates as PEM",
		                    p.text);
	return property_err(
		e, t, entry,
		"it is %s, librdkafka wants PEM: keytool -list -rfc -keystore %s > ca.pem, then "
		"-X ssl.ca.location=ca.pem",
		store == STORE_JKS ? "JKS" : "PKCS12", p.text);
}

bool
property_keystore(const struct translation *t, const struct property_entry *entry, struct err *e)
{
	enum store store;
	struct shown p;

	if (!*entry->value || property_overridden(t, "ssl.keystore.location") ||
	    property_overridden(t, "ssl.certificate.location") ||
	    property_overridden(t, "ssl.certificate.pem"))
		return true;
	if (!read_store(t, entry, &store, e))
		return false;
	if (store == STORE_PKCS12) {
		connection_set(t->conn, "ssl.keystore.location", entry->value);
		return true;
	}
	if (store == STORE_PEM) {
		/* Java keeps key and certificates in one file. */
		connection_set(t->conn, "ssl.certificate.location", entry->value);
		connection_set(t->conn, "ssl.key.location", entry->value);
		return true;
	}
	shown_path(&p, file_name(entry->value));
	if (store == STORE_OTHER)
		return property_err(e, t, entry,
		                    "%s is no key store: librdkafka wants PKCS12 or PEM", p.text);
	return property_err(
		e, t, entry,
		"it is JKS, librdkafka wants PKCS12: keytool -importkeystore -srckeystore %s "
		"-destkeystore k.p12 -deststoretype PKCS12, then -X ssl.keystore.location=k.p12",
		p.text);
}
