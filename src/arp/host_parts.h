/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: what the parts of a host share among themselves.
 *
 * A fib is a list of routes, counted by the hosts that hold it, and its index: one hash over
 * (table, prefix, destination) that leads to the routes with these three, and per table the prefix
 * lengths that occur at all. A longest-prefix match asks the hash once for each length that occurs,
 * so it costs the same with ten routes and with ten thousand. The tables local and main are one in
 * the hash, of two parts: as one they are mostly looked up.
 */
#ifndef ARPLAB_HOST_PARTS_H
#define ARPLAB_HOST_PARTS_H

#include <arplab/host.h>

enum fib_part { PART_FIRST, PART_MAIN, FIB_PARTS };

/* A routing table's part of the index. That of local (part 0) has main as its other part. */
struct fib_table {
	uint32_t id;
	uint64_t lengths[FIB_PARTS]; /* Bit per prefix length that occurs. */
};

struct fib_group {
	uint32_t first, count; /* Rows of host_fib.routes. */
};

/* Routes of one table, prefix and destination; one without routes is free. */
struct fib_slot {
	uint32_t dst;
	uint32_t table; /* Row of host_fib.tables. */
	struct fib_group groups[FIB_PARTS];
	uint8_t prefix;
};

/* What is looked up as one: a table of the index, and which parts of it. */
struct fib_view {
	const struct fib_table *table; /* NULL: it has no routes. */
	bool parts[FIB_PARTS];
};

struct host_fib {
	size_t holders;
	/* By table, destination, longest prefix, TOS, metric, and as they were added: fib_settle().
	 */
	struct host_route *routes;
	size_t count;
	bool indexed;
	bool has_generation; /* Taken from a model as it was at this generation of its routes. */
	bool custom_local;   /* Some route of type local was made by hand. */
	uint64_t generation;
	struct fib_table *tables;
	size_t table_count;
	struct fib_view local, both, last; /* 255; 255 and 254 as one; 253. */
	struct fib_slot *slots;
	unsigned bits; /* There are 2^bits slots. */
};

/* What a route has to fulfil beside its prefix. */
struct fib_query {
	uint32_t dst;
	int32_t oif;      /* 0: any. */
	uint8_t scope;    /* Routes of a smaller scope are passed over. */
	bool any_carrier; /* Routes of a link without carrier are never passed over. */
};

struct host_fib *fib_new(void);
struct host_fib *fib_hold(struct host_fib *f);
void fib_release(struct host_fib *f);
/* The fib of a host that may be written: a copy if others hold it, too. */
struct host_fib *fib_own(struct host *h);
void fib_add(struct host_fib *f, const struct host_route *r);
/* Make the index unless it is there. */
void fib_settle(struct host_fib *f);
/* A table as it is looked up by itself. */
struct fib_view fib_view(const struct host_fib *f, uint32_t id);
/*
 * The longest match of a view; of equal prefixes those of local are looked at before those of main.
 * Source: Linux net/ipv4/fib_trie.c, fib_table_lookup().
 */
const struct host_route *fib_longest(
	const struct host_fib *f, const struct fib_view *v, const struct fib_query *q);
/* The rows of exactly this destination in a table; `count` is 0 if there are none. */
struct fib_group fib_rows(const struct host_fib *f, uint32_t table, uint32_t dst, uint8_t prefix);
/* Whether finding such a route is an error and no way: blackhole and its like. */
bool route_is_error(const struct host_route *r);

/*
 * The route to a new route's gateway, of a scope that may hold one; carrier does not count.
 * Results as host_lookup()'s.
 */
enum fib_result lookup_gateway(const struct host *h, const struct host_route *r, uint8_t scope,
	const struct host_route **ret);
/* 0.0.0.0, and before Linux 5.3 all of 0.0.0.0/8. */
bool is_zeronet(const struct host *h, uint32_t ip);

/* An address in which the mask and a missing peer are filled in. */
struct host_addr whole_addr(const struct host_addr *a);
/* Work out all effective values of a link. */
void conf_join_all(const struct host *h, struct host_link *l);

/* A zeroed array whose capacity is what row_insert() expects for `count` rows. */
void *rows_new(size_t count, size_t size);
void *rows_copy(const void *rows, size_t count, size_t size);

#endif
