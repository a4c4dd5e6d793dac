"""Files as they come: other encodings and delimiters, other shapes, half broken, or no table at all."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from commerce_steps import Importer, scalar

from wellspring.commerce.imports import files
from wellspring.platform.db import Database

HEADER = "订单号,下单时间,会员编号,商品编码,商品名称,数量,单价\n"
GOOD = [
    "1001,2026-03-01 10:00:00,V1,A1,雪松线香,2,34.50",
    "1001,2026-03-01 10:00:00,V1,A2,白瓷香立,1,68",
    "1002,2026/3/2 9:05,V2,A1,雪松线香,1,34.50",
    "C1003,2026-03-03 12:00:00,V1,A1,雪松线香,-1,34.50",
]


def csv_of(lines: list[str], header: str = HEADER) -> bytes:
    return (header + "\n".join(lines) + "\n").encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters_are_found_out(
    database: Database, importer: Importer, encoding: str, delimiter: str
) -> None:
    data = csv_of(GOOD).decode().replace(",", delimiter).encode(encoding)
    uploaded = importer.upload(data)
    assert uploaded["preview"]["missing"] == []
    assert uploaded["run"]["options"]["buyer_kind"] == "member_number"
    assert [line["outcome"] for line in uploaded["preview"]["lines"]] == ["sale", "sale", "sale", "refund"]
    run = importer.take(data)
    assert run["counts"]["money"]["sale"]["goods"] == 2 * 3450 + 6800 + 3450
    assert run["counts"]["refunds"]["lines_matched"] == 1
    assert scalar(database, "select name from product where code = 'A1'") == "雪松线香"


def test_what_is_broken_is_named_by_its_line(database: Database, importer: Importer) -> None:
    lines = [
        *GOOD,  # lines 2 to 5
        "1004,2026-03-04 10:00:00,V1,A1,少一列,1",  # 6
        '1005,2026-03-04 10:00:00,V1,A1,"引号没关,1,10',  # 7
        "1006,2026-03-04 10:00:00,V1,A1,好的,1,10",  # 8
        "1007,三月四日,V1,A1,日期不对,1,10",  # 9
        "1008,2026-03-04 10:00:00,V1,A1,数量不对,一,10",  # 10
        "1009,2026-03-04 10:00:00,V1,A1,半个,0.5,10",  # 11
        "1010,2026-03-04 10:00:00,V1,A1,没有价格,1,",  # 12
        ",2026-03-04 10:00:00,V1,A1,没有单号,1,10",  # 13
        f"1011,2026-03-04 10:00:00,V1,A1,{'长' * 40_000},1,10",  # 14
        '1012,2026-03-04 10:00:00,V1,A1,"引号里\n换行",1,10',  # 15 and 16
        "1013,2026-03-04 10:00:00,V1,A1,太多,99999999999,10",  # 17
    ]
    run = importer.take(csv_of(lines), on_error="keep_good")
    assert run["status"] == "done"
    answer = importer.client.get(f"/api/v1/imports/{run['id']}/rejections").json()
    assert {row["line_number"]: row["reason"] for row in answer["items"]} == {
        6: "COLUMN_COUNT",
        7: "BROKEN_QUOTE",
        9: "DATE_UNREADABLE",
        10: "QUANTITY_UNREADABLE",
        11: "QUANTITY_NOT_WHOLE",
        12: "PRICE_UNREADABLE",
        13: "NUMBER_MISSING",
        14: "CELL_TOO_LONG",
        17: "OUT_OF_RANGE",
    }
    counts = run["counts"]
    assert counts["lines_in"] == 15 == counts["lines_taken"] + counts["lines_rejected"]
    assert scalar(database, "select description from order_line l join product p on p.id = l.product_id"
                  " where l.order_id = (select id from customer_order where number = '1012')") == "引号里 换行"  # fmt: skip


def test_all_or_nothing_takes_nothing_and_says_so(database: Database, importer: Importer) -> None:
    data = csv_of([*GOOD, "1004,2026-03-04 10:00:00,V1,A1,少一列,1"])
    run = importer.take(data)
    assert (run["status"], run["error"]) == ("failed", "lines_broken")
    assert "1 行读不出来" in run["error_text"]
    assert scalar(database, "select count(*) from customer_order") == 0
    # The operator says: keep the good ones.
    importer.change(run, on_error="keep_good")
    importer.start(run)
    importer._run_jobs()
    assert importer.read(run)["counts"]["lines_taken"] == 4


def test_lines_that_do_not_decode(importer: Importer) -> None:
    data = csv_of(GOOD) + b"1009,2026-03-04 10:00:00,V1,A1,\xff\xfe\xfa,1,10\n" + csv_of(GOOD[2:3], "")
    run = importer.take(data, on_error="keep_good")
    answer = importer.client.get(f"/api/v1/imports/{run['id']}/rejections").json()
    assert [(row["line_number"], row["reason"]) for row in answer["items"]] == [(6, "UNREADABLE_TEXT")]
    assert run["counts"]["lines_taken"] == 5


def test_an_open_quote_does_not_swallow_the_file(importer: Importer) -> None:
    lines = ['1000,2026-03-01 10:00:00,V1,A1,"没关,1,10', *(GOOD[0].replace("1001", str(2000 + n)) for n in range(500))]
    run = importer.take(csv_of(lines), on_error="keep_good")
    assert run["counts"]["rejected"] == {"BROKEN_QUOTE": 1}
    assert run["counts"]["lines_taken"] == 500


def workbook(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_xlsx_with_excel_dates_and_numbers(database: Database, importer: Importer) -> None:
    from datetime import datetime

    header = ["订单编号", "付款时间", "手机号", "货号", "品名", "件数", "实付金额"]
    rows = [
        header,
        [2001, datetime(2026, 3, 1, 10), 13800138000, "B1", "陶杯", 2, 99.8],  # noqa: DTZ001 - Excel knows no zone
        [2002, datetime(2026, 3, 1, 11), "138 0013 8001", "B1", "陶杯", 1, 49.9],  # noqa: DTZ001
        [2003, "看不懂", 13800138002, "B1", "陶杯", 1, 49.9],
    ]
    uploaded = importer.upload(workbook(rows))
    assert uploaded["run"]["format"] == "xlsx"
    assert (
        uploaded["run"]["mapping"] | {"number": "订单编号", "amount": "实付金额", "price": None, "buyer": "手机号"}
        == (uploaded["run"]["mapping"])
    )
    assert uploaded["run"]["options"]["buyer_kind"] == "mobile"
    assert "13800138000" not in str(uploaded["preview"])
    run = importer.take(workbook(rows), on_error="keep_good", time_zone="Asia/Shanghai")
    assert run["counts"]["money"]["sale"]["goods"] == 14970
    rejected = importer.client.get(f"/api/v1/imports/{run['id']}/rejections").json()["items"]
    assert [(row["line_number"], row["reason"], row["line"]["手机号"]) for row in rejected] == [
        (4, "DATE_UNREADABLE", "138******02")
    ]
    assert scalar(database, "select count(*) from identity where kind = 'mobile' and value_index like '%138%'") == 0
    assert str(scalar(database, "select min(placed_at) from customer_order")).startswith("2026-03-01 02:00:00")


def test_dates_day_first_are_recognised_and_doubt_is_said(importer: Importer) -> None:
    header = "order_number,order_date,customer_id,sku,quantity,unit_price\n"
    sure = importer.upload(csv_of(["1,25/12/2025 10:00,V1,A1,1,9.9", "2,02/01/2026 10:00,V1,A1,1,9.9"], header))
    assert (sure["run"]["options"]["date_format"], sure["run"]["ambiguous_date"]) == ("%d/%m/%Y %H:%M", False)
    doubt = importer.upload(csv_of(["1,02/01/2026 10:00,V1,A1,1,9.9"], header))
    assert doubt["run"]["ambiguous_date"] is True


def test_a_source_with_line_ids_corrects_its_lines(database: Database, importer: Importer) -> None:
    header = "order_number,order_date,customer_id,sku,quantity,unit_price,line_id\n"
    importer.take(csv_of(["1,2026-03-01 10:00,V1,A1,1,10,L1", "1,2026-03-01 10:00,V1,A2,1,5,L2"], header))
    lines = ["1,2026-03-01 10:00,V1,A1,9,10,L1", "1,2026-03-01 10:00,V1,A1,3,10,L1"]
    run = importer.take(csv_of(lines, header))
    counts = run["counts"]
    assert counts["rejected"] == {"REPEATED_LINE": 1}
    assert (counts["lines_in"], counts["lines_taken"]) == (2, 1)
    assert counts["money"]["sale"]["goods"] == 3000
    assert scalar(database, "select total_fen from customer_order") == 3500
    assert scalar(database, "select count(*) from order_line") == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "空"),
        (b"   \n\n", "空"),
        (b"%PDF-1.7 whatever", "不是 CSV"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, ".xls"),
        (b"PK\x03\x04 this is no archive", "XLSX"),
        ("订单号,数量\n1,2\n".encode("utf-16"), "UTF-16"),
    ],
)
def test_what_is_no_table_is_refused_in_words(importer: Importer, data: bytes, said: str) -> None:
    answer = importer.try_upload(data)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "unreadable_file"
    assert said in answer.json()["error"]["message"]


def test_an_archive_that_is_no_workbook(importer: Importer) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "不是 XLSX" in importer.try_upload(out.getvalue()).json()["error"]["message"]


def test_truncated_parquet(importer: Importer, slice_file: Path) -> None:
    data = slice_file.read_bytes()
    answer = importer.try_upload(data[: len(data) // 2])
    assert answer.status_code == 422
    assert "Parquet" in answer.json()["error"]["message"]


def test_a_file_damaged_inside_fails_as_a_whole(database: Database, importer: Importer, slice_file: Path) -> None:
    data = bytearray(slice_file.read_bytes())
    middle = len(data) // 3
    data[middle : middle + 4000] = b"\0" * 4000
    answer = importer.try_upload(bytes(data))
    if answer.status_code == 201:  # the damage lies behind the first lines
        run = answer.json()["run"]
        importer.change(run, source="shop")
        importer.start(run)
        importer._run_jobs()
        ended = importer.read(run)
        assert (ended["status"], ended["error"]) == ("failed", "unreadable_file")
    assert scalar(database, "select count(*) from customer_order") == 0


def test_no_file_and_too_large_a_file(importer: Importer, monkeypatch: pytest.MonkeyPatch, platform: Any) -> None:
    assert importer.client.post("/api/v1/imports", json={}).json()["error"]["code"] == "upload_missing"
    monkeypatch.setattr(files, "LARGEST_UPLOAD", 1000)
    answer = importer.try_upload(csv_of(GOOD * 50))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "upload_too_large")
    assert not list(platform.folder.files.glob("imports/.pending-*")), "nothing of it stays on the disk"


def test_an_incomplete_mapping_does_not_run(importer: Importer) -> None:
    uploaded = importer.upload(csv_of(["1,2"], "alpha,beta\n"))
    assert set(uploaded["preview"]["missing"]) == {"number", "placed_at", "price"}
    answer = importer.client.post(f"/api/v1/imports/{uploaded['run']['id']}/run")
    assert answer.status_code == 422
    assert "mapping.number" in answer.json()["error"]["fields"]
    assert importer.client.delete(f"/api/v1/imports/{uploaded['run']['id']}").status_code == 204


def test_cells_that_would_be_formulas_are_not(importer: Importer) -> None:
    bad = "=HYPERLINK(1),看不懂,V1,A1,+SUM(A1),1,-5"
    run = importer.take(csv_of([*GOOD, bad]), on_error="keep_good")
    text = importer.client.get(f"/api/v1/imports/{run['id']}/rejections/export").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert "'+SUM(A1)" in text
    assert ",-5" in text, "a plain negative number stays one"
