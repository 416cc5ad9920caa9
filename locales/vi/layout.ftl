# The frame around every page.
layout-name = Đường Về
layout-tagline = Đồng hành cùng người trở về
layout-skip = Tới nội dung chính
layout-sign-out = Đăng xuất
layout-nav = Chính
layout-nav-more = Thêm
layout-nav-shut = Đóng
layout-nav-waiting = đang chờ
layout-other-language = English
layout-printed = In ngày
layout-shut = Đóng
layout-keys = Phím tắt
layout-keys-search = Tới ô tìm kiếm
layout-keys-home = Về trang đầu
layout-keys-help = Mở bảng này
layout-keys-on = Dùng phím tắt trên máy này

# The names of the places; the server chooses which of them a person gets.
layout-nav-home = Hôm nay
layout-nav-overview = Tổng quan
layout-nav-cases = Hồ sơ
layout-nav-digests = Bản tin
layout-nav-users = Người dùng
layout-nav-mails = Thư chưa gửi
layout-nav-log = Nhật ký
layout-nav-rules = Quy tắc
layout-nav-account = Tài khoản
layout-nav-emergencies = Khẩn cấp
layout-nav-sealings = Niêm phong
layout-nav-openings = Lượt xem của tôi
layout-nav-readers = Xem bất thường
layout-nav-review = Rà soát
layout-nav-sums = Tổng hợp hỗ trợ
layout-nav-funds = Nguồn vốn
layout-nav-loan-lines = Vay vốn
layout-nav-loan-accounts = Đã cho vay
layout-nav-loan-lists = Danh sách vay vốn
