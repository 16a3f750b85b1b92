;; What projection.ts computes. After a change: npm run build:wasm
(module
  (memory (export "memory") 1)

  ;; Multiplies a matrix with a vector of float32: writes the products of four rows after four rows from $to up to $end. Rows of
  ;; $rowBytes bytes lie from $rows on, the vector at $vector; $rowBytes is a multiple of 16.
  (func (export "multiply")
    (param $rows i32) (param $rowBytes i32) (param $vector i32) (param $to i32) (param $end i32)
    (local $a i32) (local $b i32) (local $c i32) (local $d i32) (local $at i32) (local $rowEnd i32)
    (local $part v128) (local $sumA v128) (local $sumB v128) (local $sumC v128) (local $sumD v128)
    (loop $fours
      (local.set $a (local.get $rows))
      (local.set $b (i32.add (local.get $a) (local.get $rowBytes)))
      (local.set $c (i32.add (local.get $b) (local.get $rowBytes)))
      (local.set $d (i32.add (local.get $c) (local.get $rowBytes)))
      (local.set $rows (i32.add (local.get $d) (local.get $rowBytes)))
      (local.set $rowEnd (local.get $b))
      (local.set $at (local.get $vector))
      (local.set $sumA (v128.const f32x4 0 0 0 0))
      (local.set $sumB (local.get $sumA))
      (local.set $sumC (local.get $sumA))
      (local.set $sumD (local.get $sumA))
      (loop $channels
        (local.set $part (v128.load (local.get $at)))
        (local.set $sumA (f32x4.add (local.get $sumA) (f32x4.mul (local.get $part) (v128.load (local.get $a)))))
        (local.set $sumB (f32x4.add (local.get $sumB) (f32x4.mul (local.get $part) (v128.load (local.get $b)))))
        (local.set $sumC (f32x4.add (local.get $sumC) (f32x4.mul (local.get $part) (v128.load (local.get $c)))))
        (local.set $sumD (f32x4.add (local.get $sumD) (f32x4.mul (local.get $part) (v128.load (local.get $d)))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (local.set $b (i32.add (local.get $b) (i32.const 16)))
        (local.set $c (i32.add (local.get $c) (i32.const 16)))
        (local.set $d (i32.add (local.get $d) (i32.const 16)))
        (br_if $channels (i32.lt_u
          (local.tee $a (i32.add (local.get $a) (i32.const 16))) (local.get $rowEnd))))
      ;; The four lanes of each sum, added up across.
      (local.set $part (f32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $sumA) (local.get $sumB))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $sumA) (local.get $sumB))))
      (local.set $sumC (f32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $sumC) (local.get $sumD))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $sumC) (local.get $sumD))))
      (v128.store (local.get $to) (f32x4.add
        (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $part) (local.get $sumC))
        (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $part) (local.get $sumC))))
      (br_if $fours (i32.lt_u
        (local.tee $to (i32.add (local.get $to) (i32.const 16))) (local.get $end))))))
