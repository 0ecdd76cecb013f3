/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: files that arplab writes for a person: new ones, or something that is no file. */
#include <config.h>

#include <arplab/app.h>
#include <arplab/i18n.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int app_new_file(const char *path, const char *what, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0644);
	if (fd >= 0)
		return fd;
	int error = -errno;
	struct stat st;
	if (error == -EEXIST && stat(path, &st) == 0) {
		if (S_ISREG(st.st_mode))
			return err_set(err, error,
				_("%s exists already; choose another name, or remove it first"),
				path);
		if (!S_ISDIR(st.st_mode)) {
			fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
			if (fd >= 0)
				return fd;
			error = -errno;
		} else {
			error = -EISDIR;
		}
	}
	return err_set(err, error, _("cannot save %s to %s: %s"), what, path, err_reason(-error));
}

const char *app_write_error(int error)
{
	if (error == -ENOSPC || error == -EDQUOT)
		return _("the disk is full");
	return error == -EFBIG ? _("the file has reached its size limit") : err_reason(-error);
}
