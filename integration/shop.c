#include "shop.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

enum {
	FIRST_ORDER = 931,
};

static const char *const status_names[] = {
	[CREATED] = "CREATED", [PAID] = "PAID", [PACKED] = "PACKED",
	[SHIPPED] = "SHIPPED", [DELIVERED] = "DELIVERED", [CANCELLED] = "CANCELLED",
};

static const struct {
	const char *sku;
	int cents;
} goods[] = {
	{ "TEA-SENCHA-100", 1290 }, { "MUG-BLUE", 790 }, { "POT-IRON-12", 5490 },
	{ "TEA-ASSAM-250", 1150 }, { "FILTER-M-80", 320 }, { "HONEY-LIME-500", 680 },
	{ "SCALE-MINI", 2495 }, { "KETTLE-GOOSE", 7900 },
};

static const struct {
	const char *city;
	const char *country;
} cities[] = {
	{ "Köln", "DE" }, { "Zürich", "CH" }, { "São Paulo", "BR" }, { "Kraków", "PL" },
	{ "Malmö", "SE" }, { "Αθήνα", "GR" }, { "東京", "JP" }, { "Besançon", "FR" },
	{ "Porto", "PT" }, { "İzmir", "TR" },
};

static const char *const customers[] = {
	"Zoë Müller", "Anna Kowalska", "João Silva", "Chloé Lefèvre", "Søren Holm", "Νίκος Παππάς",
	"佐藤 花子", "Ada Byron", "Émile Roux", "Ayşe Yılmaz", "Liam O'Brien", "Ines Duarte",
};

void
shop_init(struct shop *shop, uint64_t seed)
{
	memset(shop, 0, sizeof(*shop));
	/* Small seeds would begin with small numbers: spread their bits first. */
	shop->random = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15) | 1;
	shop->next_id = FIRST_ORDER;
}

uint64_t
shop_random(struct shop *shop)
{
	shop->random ^= shop->random << 13;
	shop->random ^= shop->random >> 7;
	shop->random ^= shop->random << 17;
	return shop->random;
}

unsigned
shop_pick(struct shop *shop, size_t n)
{
	return (unsigned)((shop_random(shop) >> 16) % n);
}

static struct order *
open_order(struct shop *shop)
{
	struct order *o = &shop->orders[shop->norders++];

	memset(o, 0, sizeof(*o));
	o->id = shop->next_id++;
	o->status = CREATED;
	o->customer = shop_pick(shop, ARRAY_LEN(customers));
	o->city = shop_pick(shop, ARRAY_LEN(cities));
	o->nitems = 1 + shop_pick(shop, ORDER_ITEMS_MAX);
	for (unsigned i = 0; i < o->nitems; i++) {
		o->items[i].good = shop_pick(shop, ARRAY_LEN(goods));
		o->items[i].quantity = 1 + shop_pick(shop, 3);
	}
	return o;
}

void
shop_step(struct shop *shop, struct order *now_is)
{
	struct order *o;

	/* The shop fills slowly, so that the first minute is not all CREATED. */
	if (shop->norders == 0 || (shop->norders < SHOP_OPEN_ORDERS && shop_pick(shop, 4) == 0)) {
		*now_is = *open_order(shop);
		return;
	}
	o = &shop->orders[shop_pick(shop, shop->norders)];
	if (o->status < PACKED && shop_pick(shop, 25) == 0)
		o->status = CANCELLED;
	else
		o->status++;
	*now_is = *o;
	if (o->status >= DELIVERED)
		*o = shop->orders[--shop->norders];
}

/* snprintf onto the end of buf, which holds *len bytes. */
static void PRINTF_LIKE(3, 4)
append(char buf[ORDER_JSON_MAX], size_t *len, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(buf + *len, ORDER_JSON_MAX - *len, fmt, ap);
	va_end(ap);
	if (n > 0)
		*len += (size_t)n;
	if (*len >= ORDER_JSON_MAX)
		*len = ORDER_JSON_MAX - 1;
}

/* None of our texts holds anything that JSON would have escaped. */
void
order_json(const struct order *o, char buf[ORDER_JSON_MAX])
{
	struct timespec ts;
	struct tm tm;
	char when[32];
	size_t len = 0;
	int total = 0;

	clock_gettime(CLOCK_REALTIME, &ts);
	gmtime_r(&ts.tv_sec, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
	append(buf, &len, "{\"order_id\":%" PRId64 ",\"status\":\"%s\",\"customer\":\"%s\",", o->id,
	    status_names[o->status], customers[o->customer]);
	append(buf, &len, "\"items\":[");
	for (unsigned i = 0; i < o->nitems; i++) {
		int cents = goods[o->items[i].good].cents;

		append(buf, &len, "%s{\"sku\":\"%s\",\"qty\":%u,", i > 0 ? "," : "",
		    goods[o->items[i].good].sku, o->items[i].quantity);
		append(buf, &len, "\"price\":%d.%02d}", cents / 100, cents % 100);
		total += cents * (int)o->items[i].quantity;
	}
	append(buf, &len, "],\"total\":%d.%02d,\"currency\":\"EUR\",", total / 100, total % 100);
	append(buf, &len, "\"address\":{\"city\":\"%s\",\"country\":\"%s\"},", cities[o->city].city,
	    cities[o->city].country);
	append(buf, &len, "\"updated_at\":\"%s.%03dZ\"}", when, (int)(ts.tv_nsec / 1000000));
}
