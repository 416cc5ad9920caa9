# Who is in charge.
assignments-assign = Giao hồ sơ
assignments-reason = Lý do
assignments-keeps = Việc quá hạn vẫn là quá hạn sau khi giao.
assignments-save = Giao
assignments-history = Quá trình phân công
assignments-none = Chưa phân công.
assignments-now = nay
assignments-cover = Làm thay khi nghỉ phép
assignments-cover-note = Người làm thay thấy và làm được mọi việc của người nghỉ, từ ngày đầu đến hết ngày cuối.
assignments-away = Người nghỉ
assignments-stands-in = Người làm thay
assignments-first-day = Ngày đầu
assignments-last-day = Ngày cuối
assignments-covers = Đang và sắp làm thay
