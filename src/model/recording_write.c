/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: the bytes of a recording's head and of its blocks' heads. */
#include <config.h>

#include "recording_parts.h"

#include <assert.h>
#include <string.h>

#include <arplab/action.h>
#include <arplab/text.h>

static_assert(sizeof(struct head_bytes) == RECORDING_HEAD_BYTES, "the head has no gaps");
static_assert(sizeof(struct block_bytes) == RECORDING_BLOCK_HEAD_BYTES, "nor has a block's");

/*
 * Numbers inside of events that the layout does not name. Whoever changes what one of them means
 * raises RECORDING_VERSION; to add new ones behind the last is fine.
 */
static_assert(RECORDING_VERSION == 1 && TABLE_PROXIES == 8 && SCOPE_LAB == 3 && CAPTURE_OFF == 4 &&
		      CHANGE_OTHERS == 6 && LAB_FAILED == 3 && STAGE_PING == 11 &&
		      SCHEDULER_WLC == 4 && BACKEND_STANDIN == 2 && EVENT_BEHIND == 8,
	"numbers in recordings keep their meaning");
static_assert(ACTION_PING == 19 && ACTION_ARPING == 20 && ACTION_UDP == 22 && ACTION_OUTAGE == 29 &&
		      ACTION_CONNECT == 30,
	"what a result is of keeps its number");

void recording_put_head(uint8_t bytes[RECORDING_HEAD_BYTES], const struct recording_head *head,
	const struct checksum *sums)
{
	struct head_bytes h = {
		.order = RECORDING_ORDER,
		.version = RECORDING_VERSION,
		.bytes = RECORDING_HEAD_BYTES,
		.scope = head->scope,
		.began_ns = head->began_ns,
	};
	memcpy(h.magic, RECORDING_MAGIC, sizeof h.magic);
	text_copy(h.program, sizeof h.program, head->program);
	text_copy(h.host, sizeof h.host, head->host);
	h.sum = checksum_of(sums, &h, sizeof h);
	memcpy(bytes, &h, sizeof h);
}

void recording_put_block(uint8_t bytes[RECORDING_BLOCK_HEAD_BYTES],
	const struct recording_block *block, const void *payload, size_t len,
	const struct checksum *sums)
{
	assert(len <= RECORDING_BLOCK_MAX);
	struct block_bytes b = {
		.kind = block->kind,
		.len = (uint32_t)len,
		.count = block->count,
		.sum = checksum_of(sums, payload, len),
		.wall_ns = block->wall_ns,
		.steady_ns = block->steady_ns,
		.number = block->number,
	};
	b.head_sum = checksum_of(sums, &b, offsetof(struct block_bytes, head_sum));
	memcpy(bytes, &b, sizeof b);
}
