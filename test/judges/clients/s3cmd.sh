set -euo pipefail
host=${ENDPOINT#http://}
s3cmd() { command s3cmd --config /dev/null --no-ssl --host "$host" --host-bucket "$host" --access_key any --secret_key any "$@"; }

s3cmd --quiet mb "s3://$BUCKET"
s3cmd --quiet put --multipart-chunk-size-mb=5 "$DIRECTORY/large.bin" "s3://$BUCKET/large"
s3cmd --quiet cp "s3://$BUCKET/large" "s3://$BUCKET/large copy"
s3cmd --quiet get --force "s3://$BUCKET/large copy" "$DIRECTORY/large.back"
echo "$LARGE_MD5  $DIRECTORY/large.back" | md5sum --check --quiet

for key in 'a b+c' '🐱/ü.jpg' 'q?#&=%' "<xml>\"'"; do
  printf %s "$key" > "$DIRECTORY/odd"
  s3cmd --quiet put "$DIRECTORY/odd" "s3://$BUCKET/$key"
  s3cmd --quiet mv "s3://$BUCKET/$key" "s3://$BUCKET/moved/$key"
  s3cmd --quiet get --force "s3://$BUCKET/moved/$key" "$DIRECTORY/odd.back"
  cmp "$DIRECTORY/odd" "$DIRECTORY/odd.back"
done
test "$(curl -sf "$(s3cmd signurl "s3://$BUCKET/moved/a b+c" +60)")" = 'a b+c'

s3cmd --quiet put --recursive "$DIRECTORY/small/" "s3://$BUCKET/small/"
test "$(s3cmd ls "s3://$BUCKET/small/" | wc -l)" = "$SMALL_FILES"
s3cmd --quiet rb --recursive --force "s3://$BUCKET"
