set -euo pipefail
export RCLONE_CONFIG=/dev/null RCLONE_S3_PROVIDER=Other RCLONE_S3_ENDPOINT="$ENDPOINT" RCLONE_S3_ENV_AUTH=true RCLONE_S3_CHUNK_SIZE=5Mi RCLONE_S3_UPLOAD_CUTOFF=5Mi RCLONE_S3_COPY_CUTOFF=5Mi RCLONE_S3_ENCODING=None

rclone mkdir ":s3:$BUCKET"
rclone copyto "$DIRECTORY/large.bin" ":s3:$BUCKET/large"
rclone copyto ":s3:$BUCKET/large" ":s3:$BUCKET/large copy"
rclone copyto ":s3:$BUCKET/large copy" "$DIRECTORY/large.back"
echo "$LARGE_MD5  $DIRECTORY/large.back" | md5sum --check --quiet

for key in 'a b+c' '🐱/ü.jpg' 'q?#&=%' "<xml>\"'"; do
  printf %s "$key" | rclone rcat ":s3:$BUCKET/odd/$key"
  test "$(rclone cat ":s3:$BUCKET/odd/$key")" = "$key"
  rclone moveto ":s3:$BUCKET/odd/$key" ":s3:$BUCKET/moved/$key"
done
test "$(rclone lsf -R --files-only ":s3:$BUCKET/moved" | wc -l)" = 4
test "$(curl -sf "$(rclone link ":s3:$BUCKET/moved/a b+c")")" = 'a b+c'

rclone copy "$DIRECTORY/small" ":s3:$BUCKET/small"
test "$(rclone lsf ":s3:$BUCKET/small" | wc -l)" = "$SMALL_FILES"
rclone check "$DIRECTORY/small" ":s3:$BUCKET/small" 2> /dev/null
rclone purge ":s3:$BUCKET"
