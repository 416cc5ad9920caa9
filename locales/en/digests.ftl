digests-title = Digests
digests-intro = Each digest sums up what is overdue in the commune. The mail holds counts and case codes only.
digests-none = No digest yet.
digests-preview = Preview the digest
digests-rhythm = When it comes
digests-rhythm-ask = When should the digest come?
digests-rhythm-daily = Each working day, 07:30
digests-rhythm-weekly = First working day of the week, 07:30
digests-rhythm-none = Not at all
digests-rhythm-save = Save
digests-one = Overdue digest
digests-preview-note = A preview; it has not gone out.
digests-composed = Figures of { $x }
digests-opened = Opened
digests-unopened = Not opened
digests-more = Older
digests-open = Open
digests-overdue = Overdue
digests-oldest = Oldest
digests-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
digests-unassigned = Nobody in charge
digests-never-met = Never met
digests-postponed = Put off
digests-to-supervisor = Tried and not met
digests-first = First of all
digests-late = { $n ->
    [one] { $n } day late
   *[other] { $n } days late
}
digests-unnamed = And { $n } more in the list.
digests-all-overdue = See everything overdue
digests-nothing-overdue = Nothing is overdue today.
digests-by-hamlet = By hamlet
digests-by-officer = By officer
digests-hamlet = Hamlet
digests-officer = Officer
digests-no-hamlet = No hamlet recorded
digests-no-officer = Nobody in charge
digests-count = { $n } overdue
digests-missed = This digest stands for { $n } earlier ones that could not go out, from { $from } to { $to }.
digests-recalculating = The days of { $n } cases are being recalculated after a change of rules. Figures may move for some minutes.
digests-mail-subject = [Đường Về] { $n } overdue, { $day }
digests-mail-subject-nothing = [Đường Về] Nothing overdue, { $day }
digests-mail-greeting = Good morning,
digests-mail-overdue = Overdue: { $n }
digests-mail-oldest = Oldest, days late: { $n }
digests-mail-open = Open: { $n }
digests-mail-unassigned = Cases with nobody in charge: { $n }
digests-mail-never-met = Cases never met: { $n }
digests-mail-postponed = Put off: { $n }
digests-mail-to-supervisor = Cases tried and not met: { $n }
digests-mail-recalculating = Cases being recalculated: { $n }
digests-mail-row = { $x }: { $n ->
    [one] { $n } day late
   *[other] { $n } days late
}
digests-mail-row-tasks = { $x }: { $tasks } tasks, { $n ->
    [one] { $n } day late
   *[other] { $n } days late
}
digests-mail-more = And { $n } more.
digests-mail-link = All of it, after signing in:
digests-mail-only-codes = This mail holds counts and case codes only, no name.
digests-fingerprint = Audit fingerprint
digests-fingerprint-hint = Please keep this digest: the fingerprint shows that the audit up to today is not changed later.
digests-mail-fingerprint = Audit fingerprint (please keep this mail): { $x }
digests-mail-figures-of = Figures of { $x }.
digests-letter = The letter that would go out
