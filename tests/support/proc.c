/* SPDX-License-Identifier: GPL-2.0-or-later */
/* support: fork, exec, pipes, polling with deadlines. */
#include <config.h>

#include "proc.h"
#include "tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORDS_MAX 32

int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void tick(void)
{
	poll(NULL, 0, 2);
}

const char *arplab(void)
{
	const char *path = getenv("ARPLAB");
	if (!path || access(path, X_OK) != 0)
		tap_skip_all("ARPLAB does not name the program");
	return path;
}

struct proc *proc_start(const struct proc_options *o)
{
	struct proc *p = calloc(1, sizeof *p);
	int in[2] = { -1, -1 }, out[2] = { -1, -1 }, err[2] = { -1, -1 };
	check(p, "out of memory");
	check(!o->keep_in || pipe2(in, O_CLOEXEC) == 0, "pipe: %s", strerror(errno));
	check(o->out_fd || pipe2(out, O_CLOEXEC) == 0, "pipe: %s", strerror(errno));
	check(pipe2(err, O_CLOEXEC) == 0, "pipe: %s", strerror(errno));
	p->pid = fork();
	check(p->pid >= 0, "fork: %s", strerror(errno));
	if (p->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* Signals are sent to a process, not to all of the test. */
		setpgid(0, 0);
		int null = o->keep_in ? in[0] : open("/dev/null", O_RDONLY | O_CLOEXEC);
		dup2(null, STDIN_FILENO);
		dup2(o->out_fd ? o->out_fd : out[1], STDOUT_FILENO);
		dup2(err[1], STDERR_FILENO);
		for (size_t i = 0; o->env && o->env[i]; i++)
			putenv(strdup(o->env[i]));
		if (o->uid && (setgroups(0, NULL) < 0 || setgid(o->uid) < 0 || setuid(o->uid) < 0))
			_exit(126);
		execvp(o->argv[0], (char *const *)(uintptr_t)o->argv);
		fprintf(stderr, "%s: %s\n", o->argv[0], strerror(errno));
		_exit(127);
	}
	tap_child(p->pid);
	close(err[1]);
	if (!o->out_fd)
		close(out[1]);
	if (o->keep_in)
		close(in[0]);
	p->in = in[1];
	p->out = out[0];
	p->err = err[0];
	return p;
}

static void collect(char *words[static WORDS_MAX], const char *program, va_list ap)
{
	size_t n = 0;
	for (const char *w = program; w && n < WORDS_MAX - 1; w = va_arg(ap, const char *))
		words[n++] = (char *)(uintptr_t)w;
	words[n] = NULL;
}

struct proc *proc_words(const char *program, ...)
{
	char *words[WORDS_MAX];
	va_list ap;
	va_start(ap, program);
	collect(words, program, ap);
	va_end(ap);
	return proc_start(&(struct proc_options){ .argv = (const char *const *)words });
}

int proc_run(struct proc **ret, const char *program, ...)
{
	char *words[WORDS_MAX];
	va_list ap;
	va_start(ap, program);
	collect(words, program, ap);
	va_end(ap);
	struct proc *p = proc_start(&(struct proc_options){ .argv = (const char *const *)words });
	int status = proc_wait(p, PATIENCE_MS);
	if (ret)
		*ret = p;
	else
		proc_free(p);
	return status;
}

/* Returns false at the end of the stream. */
static bool drain(int *fd, char *text, size_t *len, size_t size)
{
	char spill[4096];
	bool full = *len + 1 >= size;
	ssize_t n = full ? read(*fd, spill, sizeof spill) : read(*fd, text + *len, size - 1 - *len);
	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0) {
		close(*fd);
		*fd = -1;
		return false;
	}
	if (!full)
		text[*len += (size_t)n] = '\0';
	return true;
}

bool proc_read(struct proc *p, int ms)
{
	struct pollfd fds[] = { { .fd = p->out, .events = POLLIN },
		{ .fd = p->err, .events = POLLIN } };
	if (p->out < 0 && p->err < 0)
		return false;
	if (poll(fds, 2, ms) <= 0)
		return true;
	if (fds[0].revents)
		drain(&p->out, p->out_text, &p->out_len, sizeof p->out_text);
	if (fds[1].revents)
		drain(&p->err, p->err_text, &p->err_len, sizeof p->err_text);
	return p->out >= 0 || p->err >= 0;
}

static bool wait_for(struct proc *p, const char *where, const char *text, int ms)
{
	for (int64_t end = now_ms() + ms;;) {
		if (strstr(where, text))
			return true;
		int64_t left = end - now_ms();
		if (left <= 0 || !proc_read(p, (int)left))
			return strstr(where, text) != NULL;
	}
}

bool proc_wait_text(struct proc *p, const char *text, int ms)
{
	return wait_for(p, p->out_text, text, ms);
}

bool proc_wait_err(struct proc *p, const char *text, int ms)
{
	return wait_for(p, p->err_text, text, ms);
}

static int status_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int proc_wait(struct proc *p, int ms)
{
	int64_t end = now_ms() + ms;
	int status;
	if (p->in >= 0) {
		close(p->in);
		p->in = -1;
	}
	for (;;) {
		pid_t pid = waitpid(p->pid, &status, WNOHANG);
		if (pid == p->pid)
			break;
		if (now_ms() > end) {
			kill(p->pid, SIGKILL);
			waitpid(p->pid, &status, 0);
			p->pid = 0;
			return -1;
		}
		if (!proc_read(p, 5))
			tick();
	}
	p->pid = 0;
	/* A helper may hold the pipe for a moment longer; what it says belongs to the program. */
	while (now_ms() < end && proc_read(p, 50))
		;
	return status_of(status);
}

void proc_free(struct proc *p)
{
	if (!p)
		return;
	if (p->pid > 0) {
		kill(p->pid, SIGKILL);
		waitpid(p->pid, NULL, 0);
	}
	for (size_t i = 0; i < 3; i++) {
		int fd = (const int[]){ p->in, p->out, p->err }[i];
		if (fd >= 0)
			close(fd);
	}
	free(p);
}

bool proc_status(pid_t pid, const char *field, char *value, size_t size)
{
	char path[64], line[256];
	bool found = false;
	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	FILE *f = fopen(path, "re");
	if (!f)
		return false;
	while (!found && fgets(line, sizeof line, f)) {
		size_t len = strlen(field);
		if (strncmp(line, field, len) || line[len] != ':')
			continue;
		char *s = line + len + 1;
		s += strspn(s, " \t");
		s[strcspn(s, "\n")] = '\0';
		snprintf(value, size, "%s", s);
		found = true;
	}
	fclose(f);
	return found;
}

pid_t proc_child(pid_t parent)
{
	char path[64], text[4096];
	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)parent, (int)parent);
	if (slurp(path, text, sizeof text) > 0)
		return (pid_t)atoi(text);
	/* Kernels without CONFIG_PROC_CHILDREN: look at every process. */
	DIR *d = opendir("/proc");
	pid_t found = 0;
	for (struct dirent *e; !found && d && (e = readdir(d));) {
		char ppid[32];
		pid_t pid = (pid_t)atoi(e->d_name);
		if (pid > 0 && proc_status(pid, "PPid", ppid, sizeof ppid) && atoi(ppid) == parent)
			found = pid;
	}
	if (d)
		closedir(d);
	return found;
}

bool proc_gone(pid_t pid, int ms)
{
	for (int64_t end = now_ms() + ms;; tick()) {
		char state[64];
		if (!proc_status(pid, "State", state, sizeof state) || state[0] == 'Z' ||
			state[0] == 'X')
			return true;
		if (now_ms() > end)
			return false;
	}
}

ssize_t slurp(const char *path, char *bytes, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	if (fd < 0)
		return -1;
	for (ssize_t n; len < size - 1 && (n = read(fd, bytes + len, size - 1 - len)) > 0;)
		len += (size_t)n;
	close(fd);
	bytes[len] = '\0';
	return (ssize_t)len;
}

void temporary(char *ret, size_t size)
{
	const char *base = getenv("TMPDIR");
	snprintf(ret, size, "%s/arplab-test-XXXXXX", base && *base ? base : "/tmp");
	check(mkdtemp(ret), "mkdtemp: %s", strerror(errno));
}

void temporary_remove(const char *dir)
{
	DIR *d = opendir(dir);
	for (struct dirent *e; d && (e = readdir(d));) {
		char path[512];
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
		struct stat st;
		if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
			temporary_remove(path);
		else
			unlink(path);
	}
	if (d)
		closedir(d);
	rmdir(dir);
}
