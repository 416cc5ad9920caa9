-- When the case of somebody was sealed with her consent that help goes on, a line that waited for the lender's answer stays with the
-- lender: under the support record, without a word of the sentence, and out of the office's sight.
alter table loan_lines add column carried_at integer;
