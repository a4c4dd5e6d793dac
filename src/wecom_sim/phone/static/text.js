// Words of the phone, Chinese first.

const ZH = {
  phone: "模拟手机", offline: "连不上模拟器，正在重试", failed: "没有成功，请再试一次", back: "返回", more: "更多", new_message: "新消息",
  home_lead: "选一个人，拿起他的手机。", home_customers: "客户", home_total: "共 {n} 位", home_search: "按昵称、备注、手机号找客户",
  home_new: "新客户", home_new_go: "拿起手机", home_staff: "员工", home_empty: "这家企业还没有人。可以填入演示品牌：3 家店、12 位店员、20,000 位客户。", home_seed: "填入演示品牌", nickname: "昵称", nickname_missing: "先给新客户起个昵称",
  female: "女", male: "男", unknown: "不详", nobody: "没有找到这样的客户", friends_n: "{n} 位店员好友", no_friends: "还没有加店员",
  waiting_n: "{n} 条待发", chats: "聊天", scan: "扫一扫", me: "我", switch_person: "换个人",
  no_chats: "还没有聊天。扫一个活码，加一位店员。", go_scan: "去扫一扫", sim_customer: "模拟手机，客户{name}", sim_scanned: "，扫了「{code}」",
  sim_staff: "模拟手机，员工{name}", sim_staff_store: "模拟手机，员工{name}，{store}", added_customer: "你已添加{name}，现在可以开始聊天了", added_staff: "{name}已添加你为好友，现在可以开始聊天了",
  requested_customer: "好友申请已发出，等{name}通过", requested_staff: "{name}请求添加你为好友", accepted_customer: "{name}已通过你的好友申请",
  accepted_staff: "你已确认添加{name}", type_here: "说点什么", send: "发送", delete_friend: "删除联系人", delete_title: "删除{name}？",
  delete_text_customer: "删除后你不再收到对方的消息，对方不会得到通知。", delete_text_staff: "删除后对方仍在自己的列表里看到你，你不再收到对方的消息。",
  delete_yes: "删除", cancel: "不删", contact_info: "联系人",
  status_friend: "好友", status_half: "对方还没确认", status_requested: "等待通过", status_customer_deleted: "客户已删除你", status_staff_deleted: "对方已删除你",
  status_both_deleted: "已互删", chat_refused: "消息已发出，但被对方拒收了。", image: "[图片]", link: "[链接]", miniprogram: "[小程序]", video: "[视频]", file: "[文件]",
  miniprogram_word: "小程序", picture: "图片", open_link: "粘贴活码的链接", open: "打开", no_codes: "还没有活码。先在控制台建一个。",
  codes: "可以扫的活码", code_unnamed: "没有备注的活码", members: "接待：{names}", scan_title: "加好友", scan_as: "用谁的微信扫", scan_now: "添加",
  scan_verify: "对方通过后成为好友", scan_direct: "扫码后直接成为好友", scan_current: "现在这位", scan_new: "新客户", scan_other: "换一位", scan_gone: "这个码不存在，或已被删除。",
  tasks: "群发", no_tasks: "没有群发任务。", task_waiting: "待发送", task_done: "已发送", task_cancelled: "已取消", task_customers: "发给 {n} 位客户",
  task_to: "发给", task_and: "{names} 等 {n} 位客户", task_confirm: "确认发送", task_confirming: "正在发送", task_result: "发送结果", task_sent: "已送达", task_not_friend: "已不是好友",
  task_over_cap: "超过接收上限", task_preview: "内容", task_at: "企业于 {time} 下发", task_reminded: "已催 {n} 次", requests: "新客户", no_requests: "没有等你确认的客户。", accept: "通过",
  accept_half: "确认", search_friends: "找客户", staff_friends: "{n} 位客户", no_staff: "这位员工不在职，或不存在。", no_customer: "没有这位客户。",
  task_groups: "发到 {n} 个群", task_and_groups: "{names} 等 {n} 个群", task_group_gone: "群已不在", code_groups: "客户群：{names}", join_title: "加入群聊", join_now: "加入",
  join_direct: "扫码后直接进群", join_done: "已进群。", join_already: "已经在群里。", error_group_full: "这个码后面的群都满了。",
  transfer_to: "{takeover}将接替{handover}为你服务", transfer_at: "{time} 自动生效", transfer_refuse: "拒绝", transfer_refused: "已拒绝，原来的店员不变", error_no_transfer: "这次更换已经结束。",
  error_not_friends: "消息已发出，但被对方拒收了。", error_no_such_code: "这个链接里没有可用的活码。", error_nobody_available: "这个码后面暂时没有人能接待。",
  error_task_cancelled: "这条群发已被企业取消。", error_task_done: "这条群发已经发过了。", error_no_such_customer: "没有这位客户。", error_no_such_staff: "这位员工不在职，或不存在。",
};

const EN = {
  phone: "Simulated phone", offline: "The simulator can't be reached, trying again", failed: "That did not work, try again", back: "Back", more: "More", new_message: "New message",
  home_lead: "Choose a person and hold their phone.", home_customers: "Customers", home_total: "{n} in all", home_search: "Name, remark or mobile",
  home_new: "New customer", home_new_go: "Hold the phone", home_staff: "Staff", home_empty: "This company has nobody yet. Fill in the demo brand: 3 stores, 12 staff, 20,000 customers.", home_seed: "Fill in the demo brand", nickname: "Nickname", nickname_missing: "Give the new customer a nickname first",
  female: "Female", male: "Male", unknown: "Unknown", nobody: "No such customer", friends_n: "{n} staff friends", no_friends: "No staff friends yet",
  waiting_n: "{n} to send", chats: "Chats", scan: "Scan", me: "Me", switch_person: "Switch",
  no_chats: "No chats yet. Scan a live code to add a member of staff.", go_scan: "Scan a code", sim_customer: "Simulated phone, customer {name}", sim_scanned: ", scanned “{code}”",
  sim_staff: "Simulated phone, staff {name}", sim_staff_store: "Simulated phone, staff {name}, {store}", added_customer: "You added {name}. Say hello", added_staff: "{name} added you. Say hello",
  requested_customer: "Request sent, waiting for {name}", requested_staff: "{name} asks to add you", accepted_customer: "{name} accepted your request",
  accepted_staff: "You confirmed {name}", type_here: "Write something", send: "Send", delete_friend: "Delete contact", delete_title: "Delete {name}?",
  delete_text_customer: "You will no longer receive their messages. They are not told.", delete_text_staff: "They still see you in their list. You no longer receive their messages.",
  delete_yes: "Delete", cancel: "Keep", contact_info: "Contact",
  status_friend: "Friends", status_half: "Not confirmed yet", status_requested: "Waiting", status_customer_deleted: "The customer deleted you", status_staff_deleted: "They deleted you",
  status_both_deleted: "Both deleted", chat_refused: "Sent, but refused by the other side.", image: "[Picture]", link: "[Link]", miniprogram: "[Mini-program]", video: "[Video]", file: "[File]",
  miniprogram_word: "Mini-program", picture: "Picture", open_link: "Paste a live code's link", open: "Open", no_codes: "No live codes yet. Make one in the console.",
  codes: "Live codes to scan", code_unnamed: "Live code without a remark", members: "Staff: {names}", scan_title: "Add a friend", scan_as: "Whose WeChat scans", scan_now: "Add",
  scan_verify: "Friends once they accept", scan_direct: "Friends at once after the scan", scan_current: "This person", scan_new: "New customer", scan_other: "Somebody else", scan_gone: "This code does not exist, or was deleted.",
  tasks: "Broadcasts", no_tasks: "No broadcast tasks.", task_waiting: "To send", task_done: "Sent", task_cancelled: "Cancelled", task_customers: "To {n} customers",
  task_to: "To", task_and: "{names} and others, {n} customers", task_confirm: "Confirm and send", task_confirming: "Sending", task_result: "Result", task_sent: "Delivered", task_not_friend: "No longer friends",
  task_over_cap: "Over the receive cap", task_preview: "Content", task_at: "From the company, {time}", task_reminded: "Reminded {n} times", requests: "New", no_requests: "Nobody waits for you.", accept: "Accept",
  accept_half: "Confirm", search_friends: "Find a customer", staff_friends: "{n} customers", no_staff: "This member has left or does not exist.", no_customer: "There is no such customer.",
  task_groups: "To {n} groups", task_and_groups: "{names} and others, {n} groups", task_group_gone: "Group is gone", code_groups: "Groups: {names}", join_title: "Join a group", join_now: "Join",
  join_direct: "In the group at once after the scan", join_done: "You are in the group.", join_already: "You are in the group already.", error_group_full: "All groups behind this code are full.",
  transfer_to: "{takeover} will take over from {handover}", transfer_at: "From {time} by itself", transfer_refuse: "Decline", transfer_refused: "Declined, your contact stays", error_no_transfer: "This change is over.",
  error_not_friends: "Sent, but refused by the other side.", error_no_such_code: "There is no live code in this link.", error_nobody_available: "Nobody behind this code can take a customer now.",
  error_task_cancelled: "The company cancelled this broadcast.", error_task_done: "This broadcast was sent before.", error_no_such_customer: "There is no such customer.", error_no_such_staff: "This member has left or does not exist.",
};

const words = document.body.dataset.lang === "en" ? EN : ZH;

/** The words of a key, with {names} filled in; the key itself where there are none. */
export function t(key, values) {
  const text = words[key] ?? key;
  return values ? text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole)) : text;
}

const digits = new Intl.NumberFormat("en-US");
export const number = (n) => digits.format(n);
