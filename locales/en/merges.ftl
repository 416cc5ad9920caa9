# Two records of one person become one.
merges-title = Join them
merges-intro = The cases of both belong to one person; cases, officers and communes stay as they are. Choose of each part what is kept. It can be undone for some time.
merges-kept = who was there first
merges-newer = the newer record
merges-keeper = What is known of who was there first is kept. The province sees neither side.
merges-go = Join
merges-undo = Part them again
merges-undo-hint = Everything is again as it was before.
