/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lesson: CommonMark becomes a flat list of headings, fenced blocks and prose, each with its line.
 *
 * md4c does the reading and says nothing about lines. But most of what it hands out points into
 * the text that it was given, and that place tells the line.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <md4c.h>

#include <arplab/i18n.h>
#include <arplab/text.h>
#include <arplab/utf8.h>

#include "lesson_parts.h"

/* Lists deeper than this are shown alike. */
#define DEPTH_MAX 16

struct md {
	struct pieces *out;
	const struct source *source;
	struct faults *faults;
	unsigned first_line;
	unsigned next; /* The first line, from 0 on, that nothing was seen of yet. */
	/* The piece that is being filled. */
	bool open, placed; /* Its line is known. */
	struct piece piece;
	struct buf text;
	unsigned feeds; /* Lines of a listing so far. */
	char fence;     /* What it is fenced with, 0: not fenced. */
	unsigned strong, em, code;
	/* Where we are. */
	unsigned lists, quotes;
	bool ordered[DEPTH_MAX];
	unsigned numbers[DEPTH_MAX];
	bool item; /* An item has begun, and none of its text has been seen. */
	unsigned item_number;
	bool html, comment;
};

/* ---- where things stand ---- */

/* The line, from 0 on, that a text stands in. Returns whether it points into the source at all. */
static bool line_of(const struct md *m, const char *text, unsigned *ret)
{
	uintptr_t at = (uintptr_t)text, begin = (uintptr_t)m->source->text;
	if (!text || at < begin || at - begin >= m->source->len)
		return false;
	*ret = source_line(m->source, at - begin);
	return true;
}

/* The next line that begins with this byte: for blocks without any text that could tell. */
static unsigned line_after(const struct md *m, char byte)
{
	for (unsigned i = m->next; i < m->source->line_count; i++) {
		size_t len;
		const char *line = source_get(m->source, i, &len);
		size_t blanks = strspn(line, " \t>");
		if (blanks < len && line[blanks] == byte)
			return i;
	}
	return m->next;
}

/* line: from 0 on. */
static void place(struct md *m, unsigned line)
{
	m->piece.line = m->first_line + line;
	m->placed = true;
	m->next = line + 1;
}

static void see(struct md *m, const char *text)
{
	unsigned line;
	if (!line_of(m, text, &line))
		return;
	if (m->open && !m->placed) {
		bool listing = m->piece.prose.kind == PROSE_LISTING;
		place(m, listing && line > m->feeds ? line - m->feeds - (m->fence != 0) : line);
	}
	m->next = line + 1;
}

/* ---- pieces ---- */

static void open_piece(struct md *m, enum piece_kind kind, enum prose_kind prose)
{
	m->piece = (struct piece) { .kind = kind, .nested = m->lists + m->quotes > 0 };
	m->piece.prose.kind = prose;
	m->piece.prose.depth = m->lists ? m->lists - 1 : 0;
	if (m->item && kind == PIECE_PROSE && prose == PROSE_PARAGRAPH) {
		m->piece.prose.kind = PROSE_ITEM;
		m->piece.prose.number = m->item_number;
		m->item = false;
	}
	m->open = true;
	m->placed = false;
	m->feeds = 0;
	m->fence = 0;
	m->strong = m->em = m->code = 0;
}

static void want_open(struct md *m)
{
	if (!m->open)
		open_piece(m, PIECE_PROSE, m->quotes ? PROSE_QUOTE : PROSE_PARAGRAPH);
}

static void close_piece(struct md *m)
{
	if (!m->open)
		return;
	m->open = false;
	struct piece *p = &m->piece;
	if (p->prose.kind == PROSE_LISTING && m->text.len > 0)
		m->text.len--; /* The last line feed. */
	p->prose.text = buf_take(&m->text);
	if (p->prose.kind != PROSE_LISTING && markdown_has_table(p->prose.text))
		faults_add(m->faults, p->line,
			_("tables are not shown: write a listing, between two lines of ```."));
	if (p->prose.kind != PROSE_LISTING)
		markdown_join(p->prose.text);
	if (p->kind == PIECE_HEADING)
		strip_marks(p->prose.text);
	m->out->list = grow_list(m->out->list, m->out->count, sizeof *p);
	m->out->list[m->out->count++] = *p;
}

/* ---- fenced blocks ---- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Where the word ends that begins at `at`. */
static size_t info_word(const MD_BLOCK_CODE_DETAIL *d, size_t at)
{
	while (at < d->info.size && !is_blank(d->info.text[at]))
		at++;
	return at;
}

static void open_code(struct md *m, const MD_BLOCK_CODE_DETAIL *d)
{
	bool named = d->fence_char && d->info.size > 0;
	open_piece(m, named ? PIECE_FENCE : PIECE_PROSE, PROSE_LISTING);
	m->fence = d->fence_char;
	if (!named)
		return;
	struct text t = text_in(m->piece.info, sizeof m->piece.info);
	struct text cause = text_in(m->piece.cause, sizeof m->piece.cause);
	size_t end = info_word(d, 0), second = end;
	text_putn(&t, d->info.text, end);
	text_end(&t);
	while (second < d->info.size && is_blank(d->info.text[second]))
		second++;
	end = info_word(d, second);
	text_putn(&cause, d->info.text + second, end - second);
	text_end(&cause);
	m->piece.info_more = end < d->info.size || cause.cut;
	unsigned line;
	if (line_of(m, d->info.text, &line))
		place(m, line);
}

/*
 * A block of ours that begins inside of this one: this one's end has been forgotten. Longer fences
 * and those of tildes are left alone; they are there to show what a lesson's file looks like.
 */
static void find_swallowed(struct md *m, unsigned begin)
{
	size_t len;
	const char *fence = source_get(m->source, begin, &len);
	fence += strspn(fence, " ");
	if (strspn(fence, "`") != 3)
		return;
	char *line = m->text.bytes;
	for (unsigned i = begin + 1; line && *line; i++) {
		size_t whole = strcspn(line, "\n");
		if (strncmp(line, "```", 3) == 0) {
			char word[24];
			size_t size = strcspn(line + 3, " \t\n");
			struct text t = text_in(word, sizeof word);
			text_putn(&t, line + 3, size);
			if (block_kind(text_end(&t)) != BLOCK_KINDS) {
				faults_add(m->faults, m->first_line + i,
					_("a block begins here, but the one of line %u has not "
					  "been "
					  "ended: it wants a line with ``` alone."),
					m->piece.line);
				m->text.len = (size_t)(line - m->text.bytes);
				*line = '\0';
				return;
			}
		}
		line += whole + (line[whole] == '\n');
	}
}

static void close_code(struct md *m)
{
	if (!m->placed)
		place(m, line_after(m, m->fence ? m->fence : ' '));
	if (m->fence && !m->piece.nested) {
		unsigned begin = m->piece.line - m->first_line;
		unsigned end = begin + 1 + m->feeds;
		if (end >= m->source->line_count)
			faults_add(m->faults, m->piece.line,
				_("the block that begins here is never ended: it wants a line with "
				  "%c%c%c alone."),
				m->fence, m->fence, m->fence);
		else
			m->next = end + 1;
		if (m->text.len) {
			buf_char(&m->text, '\0');
			m->text.len--;
			find_swallowed(m, begin);
		}
	}
	close_piece(m);
}

/* ---- texts ---- */

static void put_entity(struct md *m, const char *s, size_t len)
{
	uint32_t c = markdown_entity(s, len);
	char bytes[5] = { 0 };
	size_t size = c ? utf8_put(bytes, c) : 0;
	const char *p = bytes;
	if (size == 0 || utf8_next(&p) != c || c == 0xfffd)
		buf_put(&m->text, s, len);
	else if (c == '{') /* It shall be a brace, not a name's beginning. */
		buf_put(&m->text, "{{", 2);
	else
		buf_put(&m->text, bytes, size);
}

static void put_html(struct md *m, const char *s, size_t len)
{
	/* A comment may come in several parts, one a line. */
	if (!m->comment && len >= 4 && memcmp(s, "<!--", 4) == 0)
		m->comment = true;
	if (m->comment) {
		if (!m->html || memmem(s, len, "-->", 3))
			m->comment = false;
		return;
	}
	unsigned line;
	if (line_of(m, s, &line) && s[strspn(s, " \t")] == '<')
		faults_add(m->faults, m->first_line + line,
			_("\"%.*s\" is HTML, which a terminal does not show: put it in backquotes, "
			  "or "
			  "write \\< for a plain <."),
			len > 40 ? 40 : (int)len, s);
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *s, MD_SIZE size, void *arg)
{
	struct md *m = arg;
	if (type == MD_TEXT_HTML) {
		see(m, s);
		put_html(m, s, size);
		return 0;
	}
	want_open(m);
	see(m, s);
	switch (type) {
	case MD_TEXT_BR:
		buf_char(&m->text, '\n');
		break;
	case MD_TEXT_SOFTBR:
		buf_char(&m->text, SOFT_BREAK);
		break;
	case MD_TEXT_ENTITY:
		put_entity(m, s, size);
		break;
	case MD_TEXT_NULLCHAR:
	case MD_TEXT_NORMAL:
	case MD_TEXT_CODE:
	case MD_TEXT_HTML:
	case MD_TEXT_LATEXMATH:
		buf_put(&m->text, s, size);
		m->feeds += m->piece.prose.kind == PROSE_LISTING && size == 1 && *s == '\n';
		break;
	}
	return 0;
}

/* ---- blocks and spans ---- */

static void open_heading(struct md *m, unsigned level)
{
	bool ours = level <= 2 && m->lists + m->quotes == 0;
	open_piece(m, ours ? PIECE_HEADING : PIECE_PROSE, PROSE_HEADING);
	m->piece.level = level;
}

static void open_list(struct md *m, bool ordered, unsigned start)
{
	close_piece(m);
	if (m->lists < DEPTH_MAX) {
		m->ordered[m->lists] = ordered;
		m->numbers[m->lists] = start ? start : 1;
	}
	m->lists++;
}

static void open_item(struct md *m)
{
	unsigned depth = m->lists < DEPTH_MAX ? m->lists - 1 : DEPTH_MAX - 1;
	m->item_number = m->ordered[depth] ? m->numbers[depth]++ : 0;
	m->item = true;
}

static int on_enter(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct md *m = arg;
	if (type != MD_BLOCK_DOC)
		close_piece(m);
	switch (type) {
	case MD_BLOCK_QUOTE:
		m->quotes++;
		break;
	case MD_BLOCK_UL:
		open_list(m, false, 0);
		break;
	case MD_BLOCK_OL:
		open_list(m, true, ((MD_BLOCK_OL_DETAIL *)detail)->start);
		break;
	case MD_BLOCK_LI:
		open_item(m);
		break;
	case MD_BLOCK_H:
		open_heading(m, ((MD_BLOCK_H_DETAIL *)detail)->level);
		break;
	case MD_BLOCK_CODE:
		open_code(m, detail);
		break;
	case MD_BLOCK_HTML:
		m->html = true;
		break;
	case MD_BLOCK_DOC:
	case MD_BLOCK_HR:
	case MD_BLOCK_P:
	case MD_BLOCK_TABLE:
	case MD_BLOCK_THEAD:
	case MD_BLOCK_TBODY:
	case MD_BLOCK_TR:
	case MD_BLOCK_TH:
	case MD_BLOCK_TD:
		break;
	}
	return 0;
}

static int on_leave(MD_BLOCKTYPE type, void *detail, void *arg)
{
	(void)detail;
	struct md *m = arg;
	if (type == MD_BLOCK_CODE) {
		close_code(m);
		return 0;
	}
	if (type == MD_BLOCK_H && !m->placed)
		place(m, line_after(m, '#'));
	close_piece(m);
	if (type == MD_BLOCK_QUOTE)
		m->quotes--;
	else if (type == MD_BLOCK_UL || type == MD_BLOCK_OL)
		m->lists--;
	else if (type == MD_BLOCK_LI)
		m->item = false;
	else if (type == MD_BLOCK_HTML)
		m->html = m->comment = false;
	return 0;
}

/* The counter of a span that has a mark, or NULL. */
static unsigned *span_depth(struct md *m, MD_SPANTYPE type, char *ret_mark)
{
	if (type == MD_SPAN_STRONG) {
		*ret_mark = PROSE_STRONG;
		return &m->strong;
	}
	if (type == MD_SPAN_EM) {
		*ret_mark = PROSE_EM;
		return &m->em;
	}
	*ret_mark = PROSE_CODE;
	return type == MD_SPAN_CODE ? &m->code : NULL;
}

static int on_span(MD_SPANTYPE type, void *detail, void *arg)
{
	(void)detail;
	struct md *m = arg;
	char mark;
	want_open(m);
	unsigned *depth = span_depth(m, type, &mark);
	if (depth && (*depth)++ == 0)
		buf_char(&m->text, mark);
	return 0;
}

static int on_span_end(MD_SPANTYPE type, void *detail, void *arg)
{
	struct md *m = arg;
	char mark;
	unsigned *depth = span_depth(m, type, &mark);
	if (depth && --*depth == 0)
		buf_char(&m->text, mark);
	if (type == MD_SPAN_A) {
		/* A terminal has no links: an address that is not the text itself is shown. */
		const MD_ATTRIBUTE *to = &((MD_SPAN_A_DETAIL *)detail)->href;
		bool shown =
			to->size && m->text.len >= to->size &&
			memcmp(m->text.bytes + m->text.len - to->size, to->text, to->size) == 0;
		if (to->size && !shown && memmem(to->text, to->size, "://", 3)) {
			buf_put(&m->text, " (", 2);
			buf_put(&m->text, to->text, to->size);
			buf_char(&m->text, ')');
		}
	}
	return 0;
}

void markdown_read(
	struct pieces *ret, const struct source *s, unsigned first_line, struct faults *faults)
{
	static const MD_PARSER parser = {
		.flags = MD_DIALECT_COMMONMARK,
		.enter_block = on_enter,
		.leave_block = on_leave,
		.enter_span = on_span,
		.leave_span = on_span_end,
		.text = on_text,
	};
	struct md m = { .out = ret, .source = s, .faults = faults, .first_line = first_line };
	if (md_parse(s->text, (MD_SIZE)s->len, &parser, &m) != 0)
		abort(); /* Only memory makes it fail. */
}

void pieces_done(struct pieces *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->list[i].prose.text);
	free(p->list);
	*p = (struct pieces) { 0 };
}

char *markdown_inline(const char *text, unsigned line, struct faults *faults)
{
	/* Behind a full stop nothing is a list or a heading: "4. machines" stays what it is. */
	struct buf b = { 0 }, out = { 0 };
	buf_char(&b, '.');
	buf_put(&b, text, strlen(text));
	struct source s;
	source_inside(&s, b.bytes, b.len);
	struct pieces pieces = { 0 };
	markdown_read(&pieces, &s, line, faults);
	for (size_t i = 0; i < pieces.count; i++) {
		const char *part = pieces.list[i].prose.text;
		buf_put(&out, part + (i == 0), strlen(part) - (i == 0));
	}
	pieces_done(&pieces);
	source_done(&s);
	free(b.bytes);
	return buf_take(&out);
}
