# Words of the import, on the command line and in its file of refused rows.
imports-line = Line { $n }
imports-fate-opens = opens a case
imports-fate-there = imported before, not brought in again
imports-fate-refused = refused
imports-ignored = Columns not used: { $x }
imports-passed-over = Lines that are no person's, passed over: { $x }
imports-opened = Opened { $n } cases.
imports-would-open = Preview: would open { $n } cases. Nothing was written.
imports-opened-none = No case was opened.
imports-unassigned = Of these with nobody in charge: { $n }.
imports-there = Imported before: { $n } rows.
imports-refused = Refused: { $n } rows.
imports-kept = Refused rows are in { $x }. Mend it and import it again.

imports-note-unassigned = nobody in charge
imports-note-officer-unknown = no officer with the sign-in name “{ $value }” works in this commune: nobody in charge
imports-note-nought-given-back = the leading 0 was given back
imports-note-old-mobile = changed to the prefix of today: { $value }
imports-note-sex-mismatch = the identity number does not fit the sex
imports-note-year-mismatch = the identity number does not fit the year of birth
imports-note-unknown-province = the identity number has an unknown province

fault-file-empty = The file is empty.
fault-file-in-old-encoding = The letters of the file are TCVN3 or VNI. Convert it to Unicode and import it again.
fault-file-is-a-workbook = This is a workbook. Save it as “CSV UTF-8” and import that.
fault-file-no-column = The list has no column “{ $value }”.
fault-file-no-heading = No row of headings was found: it needs at least “Họ và tên” and “Diện”.
fault-file-not-read = The file cannot be read: { $value }
fault-file-not-unicode = The letters of the file are not Unicode. Save it as “CSV UTF-8”.
fault-file-not-written = The file cannot be written: { $value }
fault-file-too-large = The file is larger than { $value } MB.
fault-file-too-many-columns = The list has more than { $value } columns.
fault-file-too-many-rows = The list has more than { $value } rows. Cut it into several files.
fault-file-unclosed-quote = A quote opens on line { $value } and never closes: the lines after it are swallowed.
fault-same-as-line = The same as line { $value } of the file. If it is somebody else, add a birth date, an identity number or an address.
fault-unknown-group = The group is A, B, C or D.

# The pages.
imports-file-refused = The list could not be read
imports-choose-file = Choose a CSV file
imports-paste = Or copy the cells in your spreadsheet and paste them here
imports-paste-hint = It needs a row of headings, at least “Họ và tên” and “Diện”. A preview writes nothing.
imports-preview = Preview
imports-leave = Cancel
imports-result = What was imported
imports-nothing-new = There is no new case to open.
imports-confirm = Open { $n } cases
imports-again = Import another list
imports-to-cases = To the cases
imports-mend = { $n } rows were refused
imports-mend-here = Mend them here and preview again; rows that went in need not be sent again.
imports-rows = Each row of the list
imports-row-line = Line
imports-row-name = Name
imports-row-fate = Result
imports-row-why = Reasons and notes
imports-more = … and { $n } more rows.
