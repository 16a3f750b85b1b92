"""All operations of DynamoDB that the template's clients use, with their errors and limits: `python3 dynamodb_steps.py URL`."""

import re

from steps import connect, step

dynamodb = connect("dynamodb")

S, N, B = (lambda v: {"S": v}), (lambda v: {"N": v}), (lambda v: {"B": v})


def schema(*names):
    return [{"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ["HASH", "RANGE"])]


table = dict(
    TableName="table", BillingMode="PAY_PER_REQUEST", KeySchema=schema("pk", "sk"),
    AttributeDefinitions=[{"AttributeName": name, "AttributeType": type} for name, type in [("pk", "S"), ("sk", "S"), ("colour", "S"), ("rank", "N")]],
    GlobalSecondaryIndexes=[{"IndexName": "by-colour", "KeySchema": schema("colour", "rank"),
                             "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["facts"]}}],
)
step("create table", lambda: dynamodb.create_table(**table)["TableDescription"]["KeySchema"])
step("create table: again", lambda: dynamodb.create_table(**table))
step("create table: a key that is not defined", lambda: dynamodb.create_table(**{**table, "TableName": "other", "AttributeDefinitions": table["AttributeDefinitions"][:1]}))
step("describe table", lambda: {k: v for k, v in dynamodb.describe_table(TableName="table")["Table"].items() if k in ("TableStatus", "KeySchema", "ItemCount")})
step("describe table: nobody", lambda: dynamodb.describe_table(TableName="nobody"))
T = dict(TableName="table")


def key(pk="p", sk="a"):
    return {"pk": S(pk), "sk": S(sk)}


def put(item, **more):
    return dynamodb.put_item(**T, Item=item, **more)


def get(pk="p", sk="a", **more):
    return dynamodb.get_item(**T, Key=key(pk, sk), ConsistentRead=True, **more).get("Item")


def update(expression, values=None, pk="u", **more):
    values = {"ExpressionAttributeValues": values} if values else {}
    return dynamodb.update_item(**T, Key=key(pk), UpdateExpression=expression, ReturnValues="ALL_NEW", **values, **more).get("Attributes")


def without_order(item):
    return {k: {t: sorted(v) if t in ("SS", "NS", "BS") else v for t, v in value.items()} for k, value in item.items()}


everything = {**key(), "s": S("ü😀"), "e": S(""), "n": N("1.50e2"), "b": B(b"\x00\xff"), "t": {"BOOL": True}, "z": {"NULL": True},
              "ss": {"SS": ["b", "a"]}, "ns": {"NS": ["1.0", "2"]}, "l": {"L": [S("x"), {"M": {}}]}, "m": {"M": {"a.b": N("007")}}}
step("put", lambda: put(everything, ReturnConsumedCapacity="TOTAL"))
step("get", lambda: without_order(get()))
step("get: a projection", lambda: get(ProjectionExpression="s, l[1], m.#x", ExpressionAttributeNames={"#x": "a.b"}))
step("get: nobody", lambda: dynamodb.get_item(**T, Key=key("nobody"), ReturnConsumedCapacity="TOTAL"))
step("get: half a key", lambda: dynamodb.get_item(**T, Key={"pk": S("p")}))
step("get: a reserved word", lambda: get(ProjectionExpression="name"))
step("put: the old one", lambda: without_order(put({**key(), "v": N("1")}, ReturnValues="ALL_OLD")["Attributes"]))
for name, item in {
    "no sort key": {"pk": S("p")}, "a key of another type": {"pk": N("1"), "sk": S("a")}, "an empty key": key(""),
    "a key of 2,049 bytes": key("x" * 2049), "a sort key of 1,025 bytes": key("p", "x" * 1025),
    "above 400 KB": {**key(), "b": S("x" * 400 * 1024)}, "an empty set": {**key(), "x": {"SS": []}},
    "a set with one member twice": {**key(), "x": {"SS": ["a", "a"]}}, "39 digits": {**key(), "x": N("1" * 39)},
    "a number that is none": {**key(), "x": N("a")}, "1e126": {**key(), "x": N("1e126")},
    "an index key of another type": {**key(), "colour": N("1")}, "an empty index key": {**key(), "colour": S("")},
}.items():
    step(f"put: {name}", lambda: put(item))
absent = dict(ConditionExpression="attribute_not_exists(pk)")
step("put: a condition that is met", lambda: put(key("c"), **absent))
step("put: a condition that is not", lambda: put(key("c"), **absent))
step("put: an older revision", lambda: (put({**key("r"), "rev": N("5")}), put({**key("r"), "rev": N("4")}, ConditionExpression="attribute_not_exists(pk) OR rev <= :rev", ExpressionAttributeValues={":rev": N("4")})))
step("put: an unused value", lambda: put(key("c"), ConditionExpression="attribute_exists(pk)", ExpressionAttributeValues={":x": N("1")}))
step("put: an undefined value", lambda: put(key("c"), ConditionExpression="pk = :x"))
step("put: a syntax error", lambda: put(key("c"), ConditionExpression="pk == :x", ExpressionAttributeValues={":x": N("1")}))
for condition in ["n < :ten", "n BETWEEN :one AND :ten", "n IN (:one, :ten)", "NOT n = :one", "begins_with(s, :a)", "contains(tags, :a)",
                  "size(s) = :five", "missing <> :one", "missing < :one", "attribute_type(s, :type)", "l[0] = :a AND attribute_exists(m.x)"]:
    put({**key("w"), "n": N("5"), "s": S("apple"), "tags": {"SS": ["a"]}, "l": {"L": [S("a")]}, "m": {"M": {"x": S("y")}}})
    values = {":ten": N("10"), ":one": N("1"), ":a": S("a"), ":five": N("5"), ":type": S("S")}
    used = {name: value for name, value in values.items() if name in re.findall(r":\w+", condition)}
    step(f"delete if {condition}", lambda: dynamodb.delete_item(**T, Key=key("w"), ConditionExpression=condition, ExpressionAttributeValues=used))
step("delete: the old one", lambda: dynamodb.delete_item(**T, Key=key("c"), ReturnValues="ALL_OLD")["Attributes"])
step("delete: nobody", lambda: dynamodb.delete_item(**T, Key=key("c"), ReturnValues="ALL_OLD").get("Attributes"))
step("update: makes an item", lambda: update("SET a = :one, l = :l, m = :m ADD n :one, tags :t", {":one": N("1"), ":l": {"L": [S("x")]}, ":m": {"M": {}}, ":t": {"SS": ["a"]}}))
step("update: sums", lambda: update("SET a = a + :tenth, n = n - :tenth", {":tenth": N("0.1")}))
step("update: appends", lambda: update("SET l = list_append(l, :l), x = if_not_exists(x, :one)", {":l": {"L": [S("y")]}, ":one": N("1")}))
step("update: within a map", lambda: update("SET m.x = :one", {":one": N("1")}))
step("update: removes", lambda: update("REMOVE l[0], m.x DELETE tags :t", {":t": {"SS": ["a"]}}))
for name, (expression, values) in {
    "a key": ("SET pk = :x", {":x": S("a")}), "a missing operand": ("SET a = missing", None), "a missing parent": ("SET z.y = :x", {":x": S("a")}),
    "the same path twice": ("SET a = :x, a = :x", {":x": S("a")}), "a sum of a text": ("SET a = a + :x", {":x": S("a")}),
    "a syntax error": ("SET a :x", {":x": S("a")}), "a reserved word": ("SET state = :x", {":x": S("a")}),
}.items():
    step(f"update: {name}", lambda: update(expression, values))
step("update: a condition that is not met", lambda: update("SET a = :x", {":x": S("a"), ":y": N("99")}, ConditionExpression="a = :y"))
for i in range(5):
    put({**key("q", f"s{i}"), "colour": S("red"), "rank": N(str(10 - i)), "facts": S("f"), "other": S("o"), "even": {"BOOL": i % 2 == 0}})


def query(condition="pk = :p", values=None, **more):
    return dynamodb.query(**T, KeyConditionExpression=condition, ExpressionAttributeValues=values or {":p": S("q")}, **more)


def found(result, *names):
    return [[list(item[name].values())[0] for name in names or ["sk"]] for item in result.get("Items", [])], result["Count"], result["ScannedCount"], result.get("LastEvaluatedKey")


step("query", lambda: found(query()))
step("query: backwards, two", lambda: found(query(ScanIndexForward=False, Limit=2)))
step("query: goes on", lambda: found(query(Limit=2, ExclusiveStartKey=key("q", "s1"))))
step("query: exactly the last page", lambda: found(query(Limit=5)))
for condition in ["sk = :a", "sk < :a", "sk >= :a", "sk BETWEEN :a AND :b", "begins_with(sk, :s)"]:
    values = {name: value for name, value in {":a": S("s1"), ":b": S("s3"), ":s": S("s")}.items() if name in re.findall(r":\w+", condition)}
    step(f"query: {condition}", lambda: found(query(f"pk = :p AND {condition}", {":p": S("q"), **values})))
step("query: filtered", lambda: found(query(values={":p": S("q"), ":t": {"BOOL": True}}, FilterExpression="even = :t", Limit=3)))
step("query: counted", lambda: {k: v for k, v in query(Select="COUNT").items() if k != "ResponseMetadata"})
step("query: capacity", lambda: query(ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"])
step("query: capacity of nothing", lambda: query(values={":p": S("nobody")}, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"])
step("query: a projection", lambda: query(ProjectionExpression="sk, facts", Limit=1)["Items"])
step("query: an index", lambda: query("colour = :p", {":p": S("red")}, IndexName="by-colour", Limit=2)["Items"])
step("query: an index goes on", lambda: query("colour = :p", {":p": S("red")}, IndexName="by-colour", Limit=2)["LastEvaluatedKey"])
step("query: an index by a range", lambda: found(query("colour = :p AND #r > :n", {":p": S("red"), ":n": N("8")}, IndexName="by-colour", ExpressionAttributeNames={"#r": "rank"}), "rank"))
step("query: an index consistently", lambda: query("colour = :p", {":p": S("red")}, IndexName="by-colour", ConsistentRead=True))
step("query: an index that is not there", lambda: query(IndexName="nobody"))
step("query: no partition key", lambda: query("sk = :p"))
step("query: a filter by the key", lambda: query(values={":p": S("q")}, FilterExpression="sk = :p"))
step("query: a type that is not the key's", lambda: query(values={":p": N("1")}))
step("query: nobody's table", lambda: dynamodb.query(TableName="nobody", KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": S("q")}))


def scan(**more):
    result, names = {"LastEvaluatedKey": None}, []
    while "LastEvaluatedKey" in result:
        start = {"ExclusiveStartKey": result["LastEvaluatedKey"]} if result["LastEvaluatedKey"] else {}
        result = dynamodb.scan(**T, **start, **more)
        names += [item["pk"]["S"] + item["sk"]["S"] for item in result["Items"]]
    return sorted(names)


step("scan", lambda: scan())
step("scan: in pages, filtered", lambda: scan(Limit=2, FilterExpression="attribute_exists(facts)"))
step("batch write", lambda: dynamodb.batch_write_item(RequestItems={"table": [{"PutRequest": {"Item": key("b", str(i))}} for i in range(25)]})["UnprocessedItems"])
step("batch write: 26", lambda: dynamodb.batch_write_item(RequestItems={"table": [{"PutRequest": {"Item": key("b", str(i))}} for i in range(26)]}))
step("batch write: one twice", lambda: dynamodb.batch_write_item(RequestItems={"table": [{"PutRequest": {"Item": key("b")}}] * 2}))
step("batch write: deletes", lambda: dynamodb.batch_write_item(RequestItems={"table": [{"DeleteRequest": {"Key": key("b", str(i))}} for i in range(25)]})["UnprocessedItems"])
step("batch get", lambda: sorted(item["sk"]["S"] for item in dynamodb.batch_get_item(RequestItems={"table": {"Keys": [key("q", f"s{i}") for i in range(9)], "ProjectionExpression": "sk"}})["Responses"]["table"]))
step("batch get: capacity", lambda: dynamodb.batch_get_item(RequestItems={"table": {"Keys": [key("q", "s1"), key("q", "none")]}}, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"])
step("batch get: 101", lambda: dynamodb.batch_get_item(RequestItems={"table": {"Keys": [key("q", str(i)) for i in range(101)]}}))
step("batch get: one twice", lambda: dynamodb.batch_get_item(RequestItems={"table": {"Keys": [key("q"), key("q")]}}))
step("capacity of a write and its index", lambda: [put({**key("x"), "colour": S("red"), "rank": N(rank)}, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"]["CapacityUnits"] for rank in "12"])
step("capacity of 1,500 bytes", lambda: put({**key("y"), "b": S("x" * 1500)}, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"])


def transact(*parts, **more):
    return dynamodb.transact_write_items(TransactItems=list(parts), **more)


def part_put(pk, **more):
    return {"Put": {**T, "Item": key(pk), **more}}


def part_check(pk):
    return {"ConditionCheck": {**T, "Key": key(pk), "ConditionExpression": "attribute_exists(pk)"}}


def part_count(pk):
    values = {":one": {"N": "1"}}
    return {"Update": {**T, "Key": key(pk), "UpdateExpression": "ADD n :one", "ExpressionAttributeValues": values}}


def part_get(pk):
    return {"Get": {**T, "Key": key(pk)}}


step("transact write", lambda: transact(part_put("t1"), part_put("t2"), part_count("t3")))
step("transact write: what was written", lambda: [get(pk) for pk in ("t1", "t2", "t3")])
step("transact write: a condition that is not met", lambda: transact(part_count("t3"), part_check("nobody")))
step("transact write: nothing was written", lambda: get("t3"))
step("transact write: one item twice", lambda: transact(part_put("t1"), part_count("t1")))
step("transact write: 101", lambda: transact(*(part_put(f"m{i}") for i in range(101))))
step("transact write: with a token", lambda: transact(part_count("t4"), ClientRequestToken="token"))
step("transact write: with the token, again", lambda: transact(part_count("t4"), ClientRequestToken="token"))
step("transact write: what the token did", lambda: get("t4"))
step("transact get", lambda: dynamodb.transact_get_items(TransactItems=[part_get("nobody"), part_get("t1")])["Responses"])
step("scan: segments", lambda: sorted(name for n in range(3) for name in scan(Segment=n, TotalSegments=3)) == scan())
step("scan: a segment beyond the last", lambda: scan(Segment=3, TotalSegments=3))
