# Files that are put with a case.
attachments-title = Files
attachments-none = No file yet.
attachments-no-secrets = Put in no document from the list of state secrets.
attachments-add = Put in a file
attachments-kind = What it is about
attachments-file = File
attachments-file-hint = PDF, JPEG, PNG or WebP, at most { $n } MB.
attachments-stripped = Place, day and camera are taken out of pictures; a PDF keeps what its program wrote into it (author, day).
attachments-choose-again = A file cannot be kept in a form: choose it again.
attachments-note = Remark
attachments-no-id-card = It shows no identity card (its picture is sensitive and not needed here)
attachments-save = Put in
attachments-remove = Take out
attachments-remove-note = What the file holds is destroyed at once and cannot be brought back. The line stays, with the reason.
attachments-remove-yes = Take out and destroy
attachments-reason = Why
attachments-removed = taken out
