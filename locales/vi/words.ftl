# Words of the office that stand in lists, forms and reports. One key a line.
regime-completed = Chấp hành xong án phạt tù
regime-amnestied = Được đặc xá
regime-conditional_release = Tha tù trước thời hạn có điều kiện
regime-suspended_sentence = Án treo
regime-non_custodial_reform = Cải tạo không giam giữ
regime-post_sentence_supervision = Quản chế, cấm cư trú
regime-postponed = Hoãn, tạm đình chỉ
regime-support = Hỗ trợ theo ý muốn

case-status-noticed = Được báo trước
case-status-active = Đang theo dõi
case-status-suspended = Tạm dừng
case-status-closed = Đã kết thúc
case-status-sealed = Đã niêm phong

closure-ground-record_cleared = Đã được xóa án tích
closure-ground-moved = Chuyển nơi cư trú
closure-ground-died = Qua đời
closure-ground-new_sentence = Có bản án mới
closure-ground-served = Chấp hành xong
closure-ground-other = Lý do khác

group-A = Loại A
group-B = Loại B
group-C = Loại C
group-D = Loại D

visit-kind-home = Tại nhà
visit-kind-office = Tại trụ sở
visit-kind-elsewhere = Nơi khác
visit-kind-telephone = Điện thoại
visit-kind-family = Gặp người nhà

follow-up-kind-contact = Thăm, gặp định kỳ
follow-up-kind-address_check = Xác minh địa chỉ
follow-up-kind-reception = Tiếp nhận khi trình diện
follow-up-kind-assign_helper = Phân công người giúp đỡ
follow-up-kind-assessment = Nhận xét, phân loại lại
follow-up-kind-task = Việc cần làm
follow-up-kind-partner_task = Việc đã hẹn với đoàn thể
follow-up-kind-clearance_review = Rà soát xóa án tích

purpose-livelihood = Sinh kế
purpose-training = Học nghề
purpose-loan = Vay vốn
purpose-papers = Giấy tờ
purpose-family = Gia đình
purpose-health = Sức khỏe
purpose-counselling = Tư vấn, động viên
purpose-legal = Trợ giúp pháp lý
purpose-children = Chăm lo con em
purpose-other = Việc khác

help-kind-training = Dạy nghề
help-kind-job = Việc làm
help-kind-loan = Vốn vay
help-kind-grant = Tiền hỗ trợ
help-kind-tools = Dụng cụ làm nghề
help-kind-animals = Con giống, vật nuôi
help-kind-land = Đất sản xuất
help-kind-papers = Làm giấy tờ
help-kind-gift = Quà
help-kind-other = Hỗ trợ khác

help-state-promised = Đã hứa
help-state-approved = Đã duyệt
help-state-given = Đã trao
help-state-cancelled = Không thực hiện

precision-day = Đủ ngày, tháng, năm
precision-month = Chỉ tháng và năm
precision-year = Chỉ năm

sex-male = Nam
sex-female = Nữ

role-officer = Cán bộ
role-supervisor = Chỉ huy
role-province = Công an tỉnh
role-council = Ủy ban nhân dân xã
role-partner = Người giúp đỡ của đoàn thể
role-lender = Ngân hàng Chính sách xã hội
role-admin = Quản trị
role-inspector = Kiểm tra
role-system = Chương trình

weekday-1 = Thứ Hai
weekday-2 = Thứ Ba
weekday-3 = Thứ Tư
weekday-4 = Thứ Năm
weekday-5 = Thứ Sáu
weekday-6 = Thứ Bảy
weekday-7 = Chủ Nhật

late-today = Hôm nay
late-days = Trễ { $n } ngày

restriction-kind-exclusion = Những người này không được xem
restriction-kind-only = Chỉ những người này được xem
emergency-kind-life_in_danger = Tính mạng bị đe dọa
emergency-kind-health = Cấp cứu, sức khỏe
emergency-kind-missing = Mất tích
emergency-kind-violence = Bạo lực
emergency-kind-on_duty = Trực thay, người phụ trách không liên lạc được
emergency-kind-other = Việc gấp khác
# Forms.
form-errors = Có { $n } chỗ cần sửa
form-optional = (không bắt buộc)
form-quick = Chọn nhanh
form-days = { $n } ngày
form-cancel = Thôi
form-choose = Chọn
form-crumbs = Đường dẫn
form-error-title = Lỗi:
form-more = Xem thêm
form-pages = Trang

# What fields are called in the list of what is wrong with a form.
field-on = Ngày
field-kind = Gặp ở đâu
field-met = Kết quả
field-note = Ghi chú
field-shared_note = Ghi cho người giúp đỡ
field-next_on = Hẹn lần sau
field-reason = Lý do
field-to_on = Hoãn đến ngày
field-what = Việc cần làm
field-due_on = Hạn
field-organisation = Tổ chức
field-name = Họ tên
field-username = Tên đăng nhập
field-role = Vai trò
field-email = Thư điện tử
field-password = Mật khẩu
field-present = Mật khẩu đang dùng
field-fresh = Mật khẩu mới
field-code = Mã hồ sơ
field-users = Người

penalty-kind-exempted = Miễn hình phạt
penalty-kind-measures = Biện pháp tư pháp
penalty-kind-warning = Cảnh cáo
penalty-kind-fine = Phạt tiền
penalty-kind-non_custodial = Cải tạo không giam giữ
penalty-kind-suspended = Phạt tù, cho hưởng án treo
penalty-kind-prison = Phạt tù có thời hạn
penalty-kind-life = Tù chung thân
penalty-kind-commuted = Tử hình được giảm
duty-kind-probation = Quản chế
duty-kind-residence_ban = Cấm cư trú
duty-kind-work_ban = Cấm đảm nhiệm chức vụ, hành nghề
duty-kind-loss_of_rights = Tước một số quyền công dân
duty-kind-money = Phạt tiền bổ sung, tịch thu
duty-kind-civil = Bồi thường, án phí, quyết định khác
gravity-kind-less_serious = Ít nghiêm trọng
gravity-kind-serious = Nghiêm trọng
gravity-kind-very_serious = Rất nghiêm trọng
gravity-kind-extremely_serious = Đặc biệt nghiêm trọng
age-group-adult = Từ đủ 18 tuổi
age-group-under_18 = Từ đủ 16 đến dưới 18 tuổi
age-group-under_16 = Từ đủ 14 đến dưới 16 tuổi
clearance-paper-certificate = Giấy chứng nhận, phiếu lý lịch tư pháp
clearance-paper-decision = Quyết định của Tòa án
