# What programs are told.
api-why-with-you = đã thỏa thuận với bạn
