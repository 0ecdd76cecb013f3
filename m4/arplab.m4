# SPDX-License-Identifier: GPL-2.0-or-later
# Probes that configure.ac uses: one compiler or linker flag at a time, one library at a time.

# ARPLAB_CFLAG(VARIABLE, FLAG): append FLAG to VARIABLE if the compiler takes it without a word.
AC_DEFUN([ARPLAB_CFLAG],
[AS_VAR_PUSHDEF([cache], [arplab_cv_cflag_$2])dnl
AC_CACHE_CHECK([whether $CC takes $2], [cache],
	[arplab_saved=$CFLAGS
	CFLAGS="$CFLAGS -Werror $2"
	AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <string.h>]], [[char b[8]; memset(b, 0, sizeof b); return b[0];]])],
		[AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
	CFLAGS=$arplab_saved])
AS_VAR_IF([cache], [yes], [$1="$$1 $2"])
AS_VAR_POPDEF([cache])])

# ARPLAB_CFLAGS(VARIABLE, FLAGS): the same for each of the words in FLAGS.
AC_DEFUN([ARPLAB_CFLAGS],
[m4_foreach_w([arplab_flag], [$2], [ARPLAB_CFLAG([$1], m4_defn([arplab_flag]))])])

# ARPLAB_LDFLAG(VARIABLE, FLAG): append FLAG to VARIABLE if linking with it works.
AC_DEFUN([ARPLAB_LDFLAG],
[AS_VAR_PUSHDEF([cache], [arplab_cv_ldflag_$2])dnl
AC_CACHE_CHECK([whether linking takes $2], [cache],
	[arplab_saved=$LDFLAGS
	LDFLAGS="$LDFLAGS $2"
	AC_LINK_IFELSE([AC_LANG_PROGRAM()], [AS_VAR_SET([cache], [yes])],
		[AS_VAR_SET([cache], [no])])
	LDFLAGS=$arplab_saved])
AS_VAR_IF([cache], [yes], [$1="$$1 $2"])
AS_VAR_POPDEF([cache])])

# ARPLAB_NEEDS(VARIABLE, MODULE, DEBIAN-PACKAGE): end with one sentence if the library is missing.
AC_DEFUN([ARPLAB_NEEDS],
[PKG_CHECK_MODULES([$1], [$2], [],
	[AC_MSG_ERROR([the library $2 is missing: install its development files (Debian: apt install $3), or run ./bootstrap build, which does it.])])])
