;; What nearest.ts computes. After a change: npm run build:wasm
(module
  (memory (export "memory") 1)

  ;; Writes the product of each row of int8 with a vector of int16 to $to, an int32 a row, up to $end. Rows of $rowBytes bytes lie from
  ;; $rows on, the vector at $vector; $rowBytes is a multiple of 16.
  (func (export "multiply")
    (param $rows i32) (param $rowBytes i32) (param $vector i32) (param $to i32) (param $end i32)
    (local $at i32) (local $rowEnd i32) (local $part v128) (local $low v128) (local $high v128)
    (loop $row
      (local.set $at (local.get $vector))
      (local.set $rowEnd (i32.add (local.get $rows) (local.get $rowBytes)))
      (local.set $low (v128.const i32x4 0 0 0 0))
      (local.set $high (local.get $low))
      (loop $numbers
        (local.set $part (v128.load (local.get $rows)))
        (local.set $low (i32x4.add (local.get $low)
          (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_s (local.get $part)) (v128.load (local.get $at)))))
        (local.set $high (i32x4.add (local.get $high)
          (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_s (local.get $part)) (v128.load offset=16 (local.get $at)))))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (br_if $numbers (i32.lt_u
          (local.tee $rows (i32.add (local.get $rows) (i32.const 16))) (local.get $rowEnd))))
      (local.set $low (i32x4.add (local.get $low) (local.get $high)))
      (i32.store (local.get $to) (i32.add
        (i32.add (i32x4.extract_lane 0 (local.get $low)) (i32x4.extract_lane 1 (local.get $low)))
        (i32.add (i32x4.extract_lane 2 (local.get $low)) (i32x4.extract_lane 3 (local.get $low)))))
      (br_if $row (i32.lt_u
        (local.tee $to (i32.add (local.get $to) (i32.const 4))) (local.get $end))))))
