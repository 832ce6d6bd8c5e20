/* main: wires the rooms, nothing else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "topicmon/app/app.h"
#include "topicmon/base/sanitize.h"
#include "topicmon/base/utf8.h"
#include "topicmon/cli/cli.h"
#include "topicmon/config/config_file.h"
#include "topicmon/config/options.h"
#include "topicmon/config/properties.h"
#include "topicmon/kafka/source.h"
#include "topicmon/model/connection.h"
#include "topicmon/ui/canvas.h"

static int
complain(const struct err *e)
{
	fprintf(stderr, "topicmon: %s\n", e->text);
	return err_exit_status(e->code);
}

/* --help and --version; false: neither. */
static bool
answered(const struct options *o)
{
	struct strbuf text = STRBUF_INIT;

	if (o->help)
		options_help(&text, o->verb);
	else if (o->version)
		strbuf_addf(&text, "topicmon %s (librdkafka %s)\n", TOPICMON_VERSION, kafka_library_version());
	else
		return false;
	fputs(strbuf_str(&text), stdout);
	strbuf_fini(&text);
	return true;
}

static int
run(const struct options *o, const struct settings *s, bool utf8)
{
	struct connection conn;
	struct err e;
	int status;

	connection_init(&conn);
	if (connection_from_options(o, s, &conn, &e)) {
		sanitize_set_ascii(!utf8 || o->ascii || s->ascii);
		canvas_set_ascii(!utf8 || o->ascii || s->ascii);
		status = o->verb == VERB_SCREEN ? app_run(o, s, &conn) : cli_run(o, s, &conn);
		/* Threads that hang on a dead broker would keep exit() waiting, or be pulled the ground from under them. */
		if (o->verb != VERB_SCREEN) {
			fflush(NULL);
			_exit(status);
		}
	} else {
		status = complain(&e);
	}
	connection_fini(&conn);
	return status;
}

int
main(int argc, char **argv)
{
	bool utf8 = utf8_locale();
	struct options o;
	struct settings s;
	struct err e;
	int status = 0;

	if (!options_parse(argc, argv, &o, &e))
		return complain(&e);
	if (!answered(&o)) {
		settings_init(&s);
		if (settings_load(NULL, &s, &e))
			status = run(&o, &s, utf8);
		else
			status = complain(&e);
		settings_fini(&s);
	}
	options_fini(&o);
	return status;
}
