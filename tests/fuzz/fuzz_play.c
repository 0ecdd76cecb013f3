/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz: a learner's place in a lesson, as a recording has it. */
#include <config.h>

#include "fuzz.h"

#include <arplab/library.h>
#include <arplab/play.h>

static const char lesson_bytes[] =
	"# One answer\n\n```lesson\ntopology: lvs-dr\nminutes: 1\nsummary: Who answers?\n```\n\n"
	"## Three machines\n\nThree hold it.\n\n"
	"```predict\nHow many answer?\n- one: No.\n* three: Yes.\n```\n\n"
	"```do\narping client {vip}\n```\n\n"
	"```check\nreplies {vip} = 3\n```\n\n"
	"## By hand\n\nMake rs1 silent.\n\n"
	"```check\nsysctl rs1 all.arp_ignore = 1\n```\n\n"
	"```hint\nIt is a sysctl.\n```\n\n"
	"```solve\nset rs1 all.arp_ignore 1\n```\n";

static struct lesson *the_lesson(void)
{
	static struct lesson *l;
	struct faults f = { 0 };
	struct lesson_source source = library_source();
	if (!l)
		l = lesson_read("01-a.md", lesson_bytes, strlen(lesson_bytes), 0, &source, &f);
	if (!l)
		fprintf(stderr, "line %u: %s\n", f.list[0].line, f.list[0].text);
	must(l);
	faults_done(&f);
	return l;
}

/* What a screen and a summary ask of it. */
static void look(const struct play *p)
{
	unsigned right, made;
	must(p->step < p->lesson->step_count);
	must(play_entering(p));
	for (size_t i = 0; i < p->lesson->steps[p->step].item_count; i++) {
		const struct item *item = &p->lesson->steps[p->step].items[i];
		play_shows(p, i);
		play_replied(p, i);
		must(p->chosen[i] < 0 || (size_t)p->chosen[i] < item->choice_count);
	}
	must(p->claim_count <= PLAY_CLAIMS_MAX);
	play_score(p, &right, &made);
	must(right <= made);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static char text[PLAY_TEXT_MAX], again[PLAY_TEXT_MAX];
	char *input = fuzz_string(bytes, len);
	struct err err = { "" };
	static struct play p;
	if (play_read(&p, the_lesson(), input, len, &err) == 0) {
		look(&p);
		struct text t = text_in(text, sizeof text);
		play_write(&p, &t);
		text_end(&t);
		must(!t.cut);
		must(play_read(&p, the_lesson(), text, t.len, &err) == 0);
		t = text_in(again, sizeof again);
		play_write(&p, &t);
		must(strcmp(text_end(&t), text) == 0);
	} else {
		must(err.text[0]);
	}
	free(input);
	return 0;
}

size_t fuzz_seed(size_t number, uint8_t *bytes, size_t size)
{
	static const char *const texts[] = {
		"play phase=predict step=1 item=2\n",
		"play phase=ready step=1 item=3\nstep number=1 outcome=playing predictions=1 "
		"right=1\nchosen item=2 choice=2\n",
		"play phase=task step=1 item=4 checks=1 check_item=4\nstep number=1 "
		"outcome=shown predictions=1 hints=2\nchosen item=2 choice=1\n"
		"claim number=1 seen=rs1%20answered\n",
		"play phase=finished step=2 item=2\nstep number=1 outcome=solved\nstep number=2 "
		"outcome=skipped\n",
	};
	return fuzz_text_seed(texts, sizeof texts / sizeof *texts, number, bytes, size);
}
