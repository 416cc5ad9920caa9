# Lists that go out as files.
exports-sheet = Cases
exports-file = cases
exports-footer = Copy of { $x }, taken at { $time } on { $day }, { $n } cases. Holds personal data; do not pass on.
exports-column-code = Case code
exports-column-name = Name
exports-column-birth = Born
exports-column-hamlet = Hamlet
exports-column-status = Status
exports-column-regime = Basis
exports-column-group = Group
exports-column-opened = Opened
exports-column-officer = Officer in charge
exports-column-phone = Telephone
exports-column-last-contact = Last contact
exports-column-next-due = Next due
exports-column-days-late = Days late
exports-done = { $n } cases were written.
