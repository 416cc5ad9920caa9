# Thanks after something was done: `done-` and the word, one key a line.
done-follow-up-completed = Noted as done.
done-follow-up-postponed = Put off to the new day.
done-task-added = The task was added.
done-staff-added = The account was added. Its password must be changed at the first sign-in.
done-staff-disabled = The account was shut; the cases of its holder are unassigned.
done-staff-enabled = The account is open again.
done-visit-logged = The visit was saved.
done-visit-withdrawn = The visit was taken back.
done-rule-changed = The rule was changed; due days are worked out anew.
done-day-set = The day was set in the working calendar.
done-calendar-ended = The calendar address works no more.
done-digest-rhythm = The rhythm of the digest was changed.
done-mail-retried = The mail will be sent again.
# cases
done-case-opened = The case is open.
done-case-corrected = Saved.
done-step-taken = The step is recorded.
done-case-closed = The case is closed.
done-case-classified = The group is saved.
done-parts-edited = Restricted information saved.
done-case-assigned = Handed over.
done-cover-added = The cover is set.
done-case-referred = Referred.
done-referral-ended = The referral is over.
done-relative-added = Relative added.
done-relative-ended = Taken out.
done-help-logged = Help logged.
done-help-changed = Help updated.
# reviews
done-review-begun = The review has begun.
done-review-judged = The verdict is written down.
done-review-signed = The review is signed off.
