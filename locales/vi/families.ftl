# The family.
families-empty = Chưa ghi người thân nào.
families-add = Thêm người thân
families-add-save = Thêm
families-name = Họ và tên
families-relation = Quan hệ
families-relation-hint = Ví dụ: mẹ, vợ, cậu ruột.
families-needs = Cần giúp gì
families-end = Bỏ khỏi danh sách
families-end-hint = Khi ghi nhầm, chuyển đi hoặc qua đời. Dòng này vẫn được giữ, gạch ngang.
families-end-yes = Đúng, bỏ khỏi danh sách
families-ended = Đã bỏ khỏi danh sách
