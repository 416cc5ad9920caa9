# The half-yearly review of accounts and rights.
reviews-title = Review of accounts and rights
reviews-intro = Every six months each account is looked at again: is it still needed, is its role right, is its place? Nobody confirms her own account.
reviews-due = To be signed by { $x }
reviews-overdue = Overdue since { $x }
reviews-refused = Not done yet
reviews-begun = Begun on { $x }.
reviews-waiting = { $n } { $n ->
    [one] account waits.
   *[other] accounts wait.
}
reviews-last-sign-in = Last sign-in
reviews-never = Never
reviews-verdict = Verdict
reviews-keep = Right, keep
reviews-change = To change
reviews-close = To shut
reviews-mark = Not right
reviews-note = What is to change, or why it is shut
reviews-sign = Sign off
reviews-sign-note = Note
reviews-sign-as = Sign: { $x }
reviews-begin = Begin the review
reviews-past = Signed reviews
reviews-signed-by = signed by { $x }
reviews-accounts = { $n } { $n ->
    [one] account
   *[other] accounts
}
reviews-marked = { $n } to change or shut
