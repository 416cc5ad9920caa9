# Who may not know a person, or who alone may.
restrictions-title = Hạn chế người xem
restrictions-intro = Người bị hạn chế không thấy hồ sơ này ở bất cứ đâu: danh sách, tìm kiếm, số đếm, thư, tệp xuất. Luôn phải còn cán bộ phụ trách và một chỉ huy xem được.
restrictions-none = Chưa có hạn chế nào
restrictions-none-note = Hồ sơ được xem theo phân công và giới thiệu như thường lệ.
restrictions-new = Thêm hạn chế
restrictions-kind = Cách hạn chế
restrictions-users-hint = Chọn một hoặc nhiều người. Chỉ huy có thể tự loại mình, ví dụ khi là người nhà, nếu còn chỉ huy khác xem được.
restrictions-reason = Vì sao
restrictions-reason-hint = Chỉ huy và cán bộ phụ trách đọc được dòng này.
restrictions-save = Đặt hạn chế
restrictions-in-force = Đang có hiệu lực
restrictions-over = Đã bỏ
restrictions-ended = bỏ ngày { $x }
restrictions-end = Bỏ hạn chế
restrictions-end-note = Những người đã bị hạn chế sẽ thấy lại hồ sơ, theo phân công và quyền của mình.
restrictions-end-reason = Vì sao bỏ
