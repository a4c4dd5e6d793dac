"""Departments, members and their other ids."""

from __future__ import annotations

from calls_helpers import Answering, Brand, given_up, refused_field


def test_departments(brand: Brand) -> None:
    directory = brand.client.directory
    every = directory.departments()
    assert {one.id for one in directory.department_ids()} == {one.id for one in every}
    child = next(one for one in every if one.parentid == 1)
    assert directory.department(child.id) == child
    below = directory.departments(child.id)
    assert {one.id for one in directory.department_ids(child.id)} == {one.id for one in below}
    with given_up("no_such_department"):
        directory.department(987_654)


def test_members(brand: Brand) -> None:
    directory = brand.client.directory
    pairs = list(directory.user_ids())
    assert {one.userid for one in pairs} == set(brand.userids)
    pair = pairs[0]
    assert pair.userid in {one.userid for one in directory.users(pair.department)}
    assert pair.userid in {one.userid for one in directory.user_names(pair.department)}
    assert directory.user(pair.userid).userid == pair.userid
    with given_up("user_left"):
        directory.user("nobody")


def test_pages_are_followed(brand: Brand) -> None:
    brand.control.settings(list_id_max=5)
    assert {one.userid for one in brand.client.directory.user_ids()} == set(brand.userids)
    brand.control.settings(list_id_max=10_000, list_id_needs_directory_right=True)
    _, without = brand.another_app(rights=["contact"])
    with given_up("no_right"):
        list(without.directory.user_ids())
    brand.control.settings(list_id_needs_directory_right=False)


def test_openids(brand: Brand) -> None:
    openid = brand.client.directory.openid_of(brand.userids[0])
    assert brand.client.directory.userid_of(openid) == brand.userids[0]
    with given_up("no_such_user"):
        brand.client.directory.userid_of("o-nobody")


def test_members_by_mobile_and_address(brand: Brand) -> None:
    """The app sees no mobile or address of a member: what is not the company's is nobody's."""
    directory = brand.client.directory
    with given_up("no_such_user"):
        directory.userid_by_mobile("13000000000")
    with given_up("no_such_user"):
        directory.userid_by_email("nobody@example.com")
    assert refused_field(lambda c: c.directory.userid_by_email("nobody@example.com", 3)) == "email_type"
    assert directory.active_count("2026-03-04") >= 0


def test_what_is_sent_to_find_members() -> None:
    wecom = Answering({"userid": "a"}, {"userid": "b"}, {"active_cnt": 12})
    directory = wecom.client.directory
    assert directory.userid_by_mobile("13000000000") == "a"
    assert directory.userid_by_email("a@example.com", 2) == "b"
    assert directory.active_count("2026-03-04") == 12
    assert wecom.paths == ["user/getuserid", "user/get_userid_by_email", "user/get_active_stat"]
    assert wecom.bodies == [
        {"mobile": "13000000000"},
        {"email": "a@example.com", "email_type": 2},
        {"date": "2026-03-04"},
    ]


def test_addresses(brand: Brand) -> None:
    assert brand.client.addresses.callback_ips()
    assert brand.client.addresses.api_ips()


def test_limits() -> None:
    assert refused_field(lambda c: c.directory.user("")) == "userid"
    assert refused_field(lambda c: c.directory.userid_by_mobile("")) == "mobile"
    assert refused_field(lambda c: c.directory.userid_by_email("")) == "email"
    assert refused_field(lambda c: c.directory.userid_by_email("a@b.c", 3)) == "email_type"
    assert refused_field(lambda c: c.directory.openid_of("")) == "userid"
    assert refused_field(lambda c: c.directory.userid_of("")) == "openid"
    assert refused_field(lambda c: c.directory.active_count("")) == "date"
