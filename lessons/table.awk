# SPDX-License-Identifier: GPL-2.0-or-later
# Lessons and topologies as a table in C: awk -f table.awk FILE…, each below a folder lessons/.
# Originals come first: the order of the files is that of check-lists.

function quoted(text) {
	gsub(/["\\?]/, "\\\\&", text)
	return text
}

FNR == 1 {
	if (files)
		print "\t;"
	name = FILENAME
	sub(/^.*lessons\//, "", name)
	file[++files] = name
	print "static const char text_" files "[] ="
}

{ print "\t\"" quoted($0) "\\n\"" }

BEGIN {
	print "/* Made by lessons/table.awk from the files of lessons/. */"
	print "#include <config.h>\n"
	print "#include \"src/lesson/library_table.h\"\n"
	print "/* ISO C promises 4095 bytes a string; the compilers that build this take megabytes. */"
	print "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n"
}

END {
	if (files)
		print "\t;"
	print "\nconst struct library_lesson library_lessons[] = {"
	for (i = 1; i <= files; i++) {
		if (file[i] !~ /\.md$/)
			continue
		id = language = file[i]
		sub(/^.*\//, "", id)
		sub(/\.md$/, "", id)
		if (!sub(/\/.*$/, "", language))
			language = ""
		printf "\t{ \"%s\", \"%s\", \"%s\", text_%d, sizeof text_%d - 1 },\n", file[i], id, language, i, i
	}
	print "\t{ NULL, NULL, NULL, NULL, 0 },\n};"
	print "\nconst struct library_topology library_topologies[] = {"
	for (i = 1; i <= files; i++) {
		if (file[i] !~ /\.topology$/)
			continue
		id = file[i]
		sub(/^.*\//, "", id)
		sub(/\.topology$/, "", id)
		printf "\t{ \"%s\", text_%d, sizeof text_%d - 1 },\n", id, i, i
	}
	print "\t{ NULL, NULL, 0 },\n};"
}
