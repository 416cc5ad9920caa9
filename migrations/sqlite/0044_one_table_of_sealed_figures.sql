-- Sealed cases are counted in one table, `sealed_figures`, which reports read; these figures by year were read by nobody.
drop table sealed_counts;
