/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: a small lesson that is whole and valid, for a teacher to begin with. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <arplab/utf8.h>

#include "lesson_parts.h"

/* One string a line: the bytes that a string may have are few in ISO C. */
static const char *const lines[] = {
	"```lesson",
	"topology: lvs-dr",
	"minutes: 5",
	"summary: What the learner will know at the end, in one line.",
	"```",
	"",
	"Say here what this lesson is about. The machines are a client, a director and two real",
	"servers, rs1 and rs2; the last three all hold {vip}. Addresses are written as names, like",
	"{client}, so that each learner can be given other ones.",
	"",
	"## Watch it happen",
	"",
	"The client asks its network who has {vip}. Before anything happens, the learner says what",
	"will be seen: that is what makes it stay in mind.",
	"",
	"```predict",
	"How many machines answer?",
	"- one: The director is the one that *should* answer. Nothing keeps the others from it "
	"yet.",
	"- two: There are two real servers, and the director holds the address as well.",
	"* three: Each of them finds {vip} among its own addresses.",
	"```",
	"",
	"```do",
	"flush client",
	"arping client {vip}",
	"```",
	"",
	"```check",
	"replies {vip} = 3",
	"```",
	"",
	"Explain here what was seen. The kernel has answered, so it can be believed.",
	"",
	"```why",
	"A longer explanation, for those who ask for it.",
	"```",
	"",
	"## Make it right",
	"",
	"Now a task: the director alone shall answer for {vip}.",
	"",
	"```check",
	"flush client",
	"arping client {vip}",
	"replies {vip} = director",
	"```",
	"",
	"```hint",
	"A nudge: which machines have to be silent?",
	"```",
	"",
	"```hint",
	"The idea: `arp_ignore` decides about answers. At 1 a machine answers only for addresses "
	"of",
	"the interface that was asked, and {vip} is on lo.",
	"```",
	"",
	"```hint",
	"The command: `set rs1,rs2 all.arp_ignore 1`",
	"```",
	"",
	"```solve",
	"set rs1,rs2 all.arp_ignore 1",
	"```",
	"",
	"What is to be remembered comes last.",
};

/* The title is one line of plain text, whatever the name holds. */
static void put_title(struct buf *b, const char *name)
{
	while (*name) {
		char bytes[4];
		uint32_t c = utf8_next(&name);
		if (c == 0xfffd)
			c = '?';
		if (c < 0x80 && strchr("\\`*_[]<>&#", (int)c))
			buf_char(b, '\\');
		if (c == '{')
			buf_char(b, '{');
		buf_put(b, bytes, utf8_put(bytes, c));
	}
}

char *lesson_template(const char *name)
{
	struct buf b = { 0 };
	buf_put(&b, "# ", 2);
	put_title(&b, name[strspn(name, " ")] ? name : "A new lesson");
	buf_put(&b, "\n\n", 2);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		buf_put(&b, lines[i], strlen(lines[i]));
		buf_char(&b, '\n');
	}
	return buf_take(&b);
}
