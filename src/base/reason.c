/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base: why the system refused something, in the reader's language. */
#include <config.h>

#include <arplab/err.h>

#include <errno.h>
#include <string.h>

#include <arplab/i18n.h>

static const struct {
	int error;
	const char *words;
} reasons[] = {
	{ E2BIG, N_("Argument list too long") },
	{ EACCES, N_("Permission denied") },
	{ EADDRINUSE, N_("Address already in use") },
	{ EADDRNOTAVAIL, N_("Cannot assign requested address") },
	{ EAFNOSUPPORT, N_("Address family not supported by protocol") },
	{ EAGAIN, N_("Resource temporarily unavailable") },
	{ EBADF, N_("Bad file descriptor") },
	{ EBADMSG, N_("Bad message") },
	{ EBUSY, N_("Device or resource busy") },
	{ ECONNREFUSED, N_("Connection refused") },
	{ ECONNRESET, N_("Connection reset by peer") },
	{ EDQUOT, N_("Disk quota exceeded") },
	{ EEXIST, N_("File exists") },
	{ EFBIG, N_("File too large") },
	{ EHOSTDOWN, N_("Host is down") },
	{ EHOSTUNREACH, N_("No route to host") },
	{ EINTR, N_("Interrupted system call") },
	{ EINVAL, N_("Invalid argument") },
	{ EIO, N_("Input/output error") },
	{ EISDIR, N_("Is a directory") },
	{ ELOOP, N_("Too many levels of symbolic links") },
	{ EMFILE, N_("Too many open files") },
	{ EMSGSIZE, N_("Message too long") },
	{ ENAMETOOLONG, N_("File name too long") },
	{ ENETDOWN, N_("Network is down") },
	{ ENETUNREACH, N_("Network is unreachable") },
	{ ENFILE, N_("Too many open files in system") },
	{ ENOBUFS, N_("No buffer space available") },
	{ ENODEV, N_("No such device") },
	{ ENOENT, N_("No such file or directory") },
	{ ENOEXEC, N_("Exec format error") },
	{ ENOMEM, N_("Cannot allocate memory") },
	{ ENOSPC, N_("No space left on device") },
	{ ENOSYS, N_("Function not implemented") },
	{ ENOTCONN, N_("Transport endpoint is not connected") },
	{ ENOTDIR, N_("Not a directory") },
	{ ENOTTY, N_("Inappropriate ioctl for device") },
	{ ENXIO, N_("No such device or address") },
	{ EOPNOTSUPP, N_("Operation not supported") },
	{ EPERM, N_("Operation not permitted") },
	{ EPIPE, N_("Broken pipe") },
	{ EPROTO, N_("Protocol error") },
	{ EPROTONOSUPPORT, N_("Protocol not supported") },
	{ ERANGE, N_("Numerical result out of range") },
	{ EROFS, N_("Read-only file system") },
	{ ESRCH, N_("No such process") },
	{ ETIMEDOUT, N_("Connection timed out") },
	{ EUSERS, N_("Too many users") },
};

const char *err_reason(int error)
{
	/* English is libc's own, as other programs have it. */
	for (size_t i = 0; *i18n_language() && i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].error == error)
			return _(reasons[i].words);
	return strerror(error);
}
