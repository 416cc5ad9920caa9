# The family.
families-empty = Nobody is written down yet.
families-add = Add a relative
families-add-save = Add
families-name = Full name
families-relation = Relation
families-relation-hint = For example: mother, wife, uncle.
families-needs = What they need
families-end = Take out
families-end-hint = Written by mistake, moved away or died. The line stays, struck out.
families-end-yes = Yes, take out
families-ended = Taken out
