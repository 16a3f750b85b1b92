;; What projection.ts computes. After a change: npm run build:wasm
(module
  (memory (export "memory") 1)

  ;; Multiplies a matrix of int8 with a vector of int16: writes the products of four rows, int32, after four rows from $to up to $end.
  ;; The matrix lies from 0 on, so that it is read from its start to its end: of four rows each eight numbers, their next eight, and so
  ;; on; then the next four rows. The vector lies from $vector up to $vectorEnd, filled up to eight numbers.
  (func (export "multiply") (param $vector i32) (param $vectorEnd i32) (param $to i32) (param $end i32)
    (local $matrix i32) (local $at i32) (local $part v128)
    (local $sumA v128) (local $sumB v128) (local $sumC v128) (local $sumD v128)
    (loop $fours
      (local.set $at (local.get $vector))
      (local.set $sumA (v128.const i32x4 0 0 0 0))
      (local.set $sumB (local.get $sumA))
      (local.set $sumC (local.get $sumA))
      (local.set $sumD (local.get $sumA))
      (loop $channels
        (local.set $part (v128.load (local.get $at)))
        (local.set $sumA (i32x4.add (local.get $sumA)
          (i32x4.dot_i16x8_s (local.get $part) (v128.load8x8_s (local.get $matrix)))))
        (local.set $sumB (i32x4.add (local.get $sumB)
          (i32x4.dot_i16x8_s (local.get $part) (v128.load8x8_s offset=8 (local.get $matrix)))))
        (local.set $sumC (i32x4.add (local.get $sumC)
          (i32x4.dot_i16x8_s (local.get $part) (v128.load8x8_s offset=16 (local.get $matrix)))))
        (local.set $sumD (i32x4.add (local.get $sumD)
          (i32x4.dot_i16x8_s (local.get $part) (v128.load8x8_s offset=24 (local.get $matrix)))))
        (local.set $matrix (i32.add (local.get $matrix) (i32.const 32)))
        (br_if $channels (i32.lt_u
          (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $vectorEnd))))
      ;; The four lanes of each sum, added up across.
      (local.set $part (i32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $sumA) (local.get $sumB))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $sumA) (local.get $sumB))))
      (local.set $sumC (i32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $sumC) (local.get $sumD))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $sumC) (local.get $sumD))))
      (v128.store (local.get $to) (i32x4.add
        (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $part) (local.get $sumC))
        (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $part) (local.get $sumC))))
      (br_if $fours (i32.lt_u
        (local.tee $to (i32.add (local.get $to) (i32.const 16))) (local.get $end))))))
