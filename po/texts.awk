# SPDX-License-Identifier: GPL-2.0-or-later
# Translations as a table in C: awk -f texts.awk FILE.po…; a file is named after its language.
# Strings of a .po are strings of C and are handed on as they are; fuzzy and obsolete entries, and
# those without a translation, are left out.

# What the compiler will make of a string, to sort by; other escapes are not used.
function bytes(s) {
	gsub(/\\\\/, "\001", s)
	gsub(/\\"/, "\002", s)
	gsub(/" +"/, "", s)
	gsub(/"/, "", s)
	gsub(/\\n/, "\n", s)
	gsub(/\\t/, "\t", s)
	gsub(/\002/, "\"", s)
	gsub(/\001/, "\\", s)
	return s
}

# Two question marks may begin a trigraph.
function literal(s) {
	gsub(/\?\?/, "?\\?", s)
	return s
}

function forget() {
	place = id = ""
	forms = fuzzy = 0
	state = ""
	split("", form)
}

function take_entry(   i, text, whole) {
	if (id == "\"\"" && forms)
		take_header(form[0])
	else if (id != "" && !fuzzy && forms) {
		whole = 1
		text = form[0]
		for (i = 0; i < forms; i++) {
			if (form[i] ~ /^("" *)+$/)
				whole = 0
			if (i > 0)
				text = text " \"\\0\" " form[i]
		}
		if (whole) {
			count++
			key[count] = literal(place != "" ? place " \"\\004\" " id : id)
			sort_key[count] = (place != "" ? bytes(place) "\004" : "") bytes(id)
			translation[count] = literal(text)
			order[count] = count
		}
	}
	forget()
}

# Which form of a plural: the header has the expression, in C.
function take_header(text) {
	text = bytes(text)
	plural = "0"
	if (match(text, /plural=[^;]*/))
		plural = substr(text, RSTART + 7, RLENGTH - 7)
}

function sort_rows(   gap, i, k, held) {
	for (gap = int(count / 2); gap > 0; gap = int(gap / 2))
		for (i = gap + 1; i <= count; i++) {
			held = order[i]
			for (k = i; k > gap && (sort_key[order[k - gap]] "") > (sort_key[held] ""); k -= gap)
				order[k] = order[k - gap]
			order[k] = held
		}
}

function print_catalogue(   i, r) {
	take_entry()
	if (!count)
		return
	sort_rows()
	languages++
	names[languages] = language
	print "static const struct {"
	for (i = 1; i <= count; i++) {
		r = order[i]
		print "\tchar k" r "[sizeof " key[r] "];"
		print "\tchar t" r "[sizeof " translation[r] "];"
	}
	print "} texts_" language " = {"
	for (i = 1; i <= count; i++) {
		r = order[i]
		print "\t" key[r] ","
		print "\t" translation[r] ","
	}
	print "};\n\nstatic const struct i18n_row rows_" language "[] = {"
	for (i = 1; i <= count; i++) {
		r = order[i]
		print "\t{ AT(texts_" language ", k" r "), AT(texts_" language ", t" r ") },"
	}
	print "};\n\nstatic unsigned long form_" language "(unsigned long n)\n{"
	print "\t(void)n;\n\treturn (unsigned long)(" plural ");\n}\n"
	sizes[languages] = count
}

BEGIN {
	print "/* Made by po/texts.awk from the files of po/. */"
	print "#include <config.h>\n"
	print "#include \"src/base/i18n_table.h\"\n"
	print "#define AT(texts, member) (uint32_t)offsetof(__typeof__(texts), member)\n"
	print "/* ISO C promises 4095 bytes a string and 1023 members; compilers take many more. */"
	print "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n"
	forget()
}

FNR == 1 {
	if (language != "")
		print_catalogue()
	language = FILENAME
	sub(/^.*\//, "", language)
	sub(/\.po$/, "", language)
	count = 0
	plural = "0"
}

/^[ \t]*$/ { take_entry(); next }
/^#,.*fuzzy/ { fuzzy = 1; next }
/^#/ { next }
/^msgctxt / { state = "place"; sub(/^msgctxt /, ""); place = $0; next }
/^msgid / { state = "id"; sub(/^msgid /, ""); id = $0; next }
/^msgid_plural / { state = "many"; next }
/^msgstr/ {
	state = "form"
	sub(/^msgstr(\[[0-9]+\])? /, "")
	form[forms++] = $0
	next
}
/^"/ {
	if (state == "place")
		place = place " " $0
	else if (state == "id")
		id = id " " $0
	else if (state == "form")
		form[forms - 1] = form[forms - 1] " " $0
}

END {
	if (language != "")
		print_catalogue()
	print "const struct i18n_catalogue i18n_catalogues[] = {"
	for (i = 1; i <= languages; i++)
		printf "\t{ \"%s\", (const char *)&texts_%s, rows_%s, %d, form_%s },\n", names[i],
			names[i], names[i], sizes[i], names[i]
	print "\t{ NULL, NULL, NULL, 0, NULL },\n};"
}
