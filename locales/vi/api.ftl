# What programs are told.
api-why-with-you = đã hẹn với chị/anh
