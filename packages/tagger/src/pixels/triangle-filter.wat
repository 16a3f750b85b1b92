;; The two loops of triangle-filter.ts over pixels of four bytes. Weights are 16 bits and add up to 256, so that a sum of weighted
;; bytes fits into 16 bits. After a change: npm run build:wasm
(module
  (memory (export "memory") 1)

  ;; Blends rows: `bytes` bytes at $to, each the weighted sum of those at $from, $from + $rowBytes and so on, one for each weight
  ;; from $weights up to $weightsEnd. Sixteen bytes at a time: up to 15 more are read and written.
  (func (export "blendRows")
    (param $to i32) (param $from i32) (param $rowBytes i32) (param $bytes i32) (param $weights i32) (param $weightsEnd i32)
    (local $end i32) (local $at i32) (local $weight i32)
    (local $row v128) (local $factor v128) (local $low v128) (local $high v128)
    (local.set $end (i32.add (local.get $to) (local.get $bytes)))
    (loop $blocks
      (local.set $low (v128.const i16x8 128 128 128 128 128 128 128 128)) ;; a half, for rounding
      (local.set $high (local.get $low))
      (local.set $at (local.get $from))
      (local.set $weight (local.get $weights))
      (loop $rows
        (local.set $row (v128.load (local.get $at)))
        (local.set $factor (v128.load16_splat (local.get $weight)))
        (local.set $low (i16x8.add (local.get $low)
          (i16x8.mul (local.get $factor) (i16x8.extend_low_i8x16_u (local.get $row)))))
        (local.set $high (i16x8.add (local.get $high)
          (i16x8.mul (local.get $factor) (i16x8.extend_high_i8x16_u (local.get $row)))))
        (local.set $at (i32.add (local.get $at) (local.get $rowBytes)))
        (local.set $weight (i32.add (local.get $weight) (i32.const 2)))
        (br_if $rows (i32.lt_u (local.get $weight) (local.get $weightsEnd))))
      (v128.store (local.get $to) (i8x16.narrow_i16x8_u
        (i16x8.shr_u (local.get $low) (i32.const 8)) (i16x8.shr_u (local.get $high) (i32.const 8))))
      (local.set $from (i32.add (local.get $from) (i32.const 16)))
      (local.set $to (i32.add (local.get $to) (i32.const 16)))
      (br_if $blocks (i32.lt_u (local.get $to) (local.get $end)))))

  ;; Blends pixels of one row: three bytes at $to for each span from $spans up to $spansEnd, the weighted sum of the pixels from the
  ;; span's first offset up to its second, with as many of the weights from $weights on. One byte more is written at the end.
  (func (export "blendPixels")
    (param $to i32) (param $row i32) (param $spans i32) (param $spansEnd i32) (param $weights i32)
    (local $at i32) (local $end i32) (local $sum v128)
    (loop $pixels
      (local.set $sum (v128.const i16x8 128 128 128 128 128 128 128 128))
      (local.set $at (i32.add (local.get $row) (i32.load (local.get $spans))))
      (local.set $end (i32.add (local.get $row) (i32.load offset=4 (local.get $spans))))
      (loop $taps
        (local.set $sum (i16x8.add (local.get $sum) (i16x8.mul
          (v128.load16_splat (local.get $weights)) (i16x8.extend_low_i8x16_u (v128.load32_zero (local.get $at))))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (local.set $weights (i32.add (local.get $weights) (i32.const 2)))
        (br_if $taps (i32.lt_u (local.get $at) (local.get $end))))
      (local.set $sum (i16x8.shr_u (local.get $sum) (i32.const 8)))
      (v128.store32_lane 0 (local.get $to) (i8x16.narrow_i16x8_u (local.get $sum) (local.get $sum)))
      (local.set $to (i32.add (local.get $to) (i32.const 3)))
      (local.set $spans (i32.add (local.get $spans) (i32.const 8)))
      (br_if $pixels (i32.lt_u (local.get $spans) (local.get $spansEnd))))))
