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
imports-some-refused = Some rows were refused.

# The pages.
imports-title = Import a list
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
