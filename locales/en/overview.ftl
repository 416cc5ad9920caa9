overview-title = Overview
overview-province = The province
overview-counts-only = Counts only: no name, no case code
overview-recalculating = The days of { $n } cases are being recalculated after a change of rules. Figures may move for some minutes.
overview-unassigned = Nobody in charge
overview-assign = Assign
overview-tried = Tried and not met
overview-tries = { $n ->
    [one] Tried once
   *[other] Tried { $n } times
}
overview-cases = Cases
overview-open = Open tasks
overview-overdue = Overdue
overview-oldest = Oldest
overview-never-met = Never met
overview-last-contact = Last contact
overview-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
overview-by-hamlet = Overdue by hamlet
overview-age-week = 1–7 days
overview-age-fortnight = 8–14 days
overview-age-older = more than 14 days
overview-no-hamlet = No hamlet recorded
overview-nothing-overdue = Nothing is overdue.
overview-by-officer = By officer
overview-officer = Officer
overview-whole-commune = The commune
overview-digest = Latest digest
overview-digest-overdue = { $n } overdue.
overview-digest-oldest = { $n ->
    [one] The oldest by { $n } day.
   *[other] The oldest by { $n } days.
}
overview-digest-open = Open the digest
overview-digests = Earlier digests
overview-no-digest = No digest yet.
overview-preview = Preview the digest
overview-by-area = By commune
overview-area = Commune
overview-whole-province = The province
overview-headless = No head
overview-headless-count = Communes without a head
overview-unread = Digest unopened for 7 days
overview-unread-count = Communes with an unopened digest
overview-quiet = { $n } more communes have no live case.
overview-waiting = What waits
overview-lines-to-answer = Confirmed people who wait for an answer
overview-lines-hint = Lists that the People’s Committee confirmed.
overview-accounts = Loans not paid back yet
overview-accounts-overdue = Overdue: { $n }
overview-owed-late = Late: { $n }
