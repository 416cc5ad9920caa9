# What programs are told.
api-why-with-you = agreed with you
