;; Objects of the garbage-collected heap: made, read, written, and left behind.
(module
  (rec
    (type $tree (struct (field $left (ref null $tree)) (field $right (ref null $tree)))))
  (type $node (struct (field $value i64) (field $next (mut (ref null $node)))))
  (type $words (array (mut i32)))
  (type $shape (sub (struct (field $size i32))))
  (type $square (sub $shape (struct (field $size i32))))
  (type $box (sub $shape (struct (field $size i32) (field $height i32))))
  (type $shapes (array (mut (ref null $shape))))

  ;; Binary trees of a depth, each made, counted and dropped.
  (func $grow (param $depth i32) (result (ref $tree))
    (if (i32.eqz (local.get $depth))
      (then (return (struct.new $tree (ref.null $tree) (ref.null $tree)))))
    (local.set $depth (i32.sub (local.get $depth) (i32.const 1)))
    (struct.new $tree (call $grow (local.get $depth)) (call $grow (local.get $depth))))
  (func $count (param $tree (ref null $tree)) (result i64)
    (if (result i64) (ref.is_null (local.get $tree))
      (then (i64.const 0))
      (else
        (i64.add (i64.const 1)
          (i64.add
            (call $count (struct.get $tree $left (local.get $tree)))
            (call $count (struct.get $tree $right (local.get $tree))))))))
  (func (export "trees") (param $n i32) (result i64)
    (local $sum i64)
    (loop $next
      (local.set $sum (i64.add (local.get $sum) (call $count (call $grow (i32.const 9)))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))

  ;; A tree that stays, while garbage is made.
  (func (export "trees beside a large one") (param $n i32) (result i64)
    (local $sum i64) (local $large (ref null $tree))
    (local.set $large (call $grow (i32.const 14)))
    (loop $next
      (local.set $sum (i64.add (local.get $sum) (call $count (call $grow (i32.const 9)))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i64.add (local.get $sum) (call $count (local.get $large))))

  ;; A list: made, turned round in place, added up.
  (func (export "list") (param $n i32) (result i64)
    (local $list (ref null $node)) (local $turned (ref null $node)) (local $next (ref null $node))
    (local $sum i64)
    (loop $make
      (local.set $list (struct.new $node (i64.extend_i32_u (local.get $n)) (local.get $list)))
      (br_if $make (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (loop $turn
      (local.set $next (struct.get $node $next (local.get $list)))
      (struct.set $node $next (local.get $list) (local.get $turned))
      (local.set $turned (local.get $list))
      (local.set $list (local.get $next))
      (br_if $turn (i32.eqz (ref.is_null (local.get $list)))))
    (loop $add
      (local.set $sum (i64.add (local.get $sum) (struct.get $node $value (local.get $turned))))
      (local.set $turned (struct.get $node $next (local.get $turned)))
      (br_if $add (i32.eqz (ref.is_null (local.get $turned)))))
    (local.get $sum))

  ;; Arrays of 100 words, each made, filled by hand and added up.
  (func (export "arrays") (param $n i32) (result i64)
    (local $words (ref null $words)) (local $i i32) (local $sum i64)
    (loop $next
      (local.set $words (array.new_default $words (i32.const 100)))
      (local.set $i (i32.const 0))
      (loop $fill
        (array.set $words (local.get $words) (local.get $i) (i32.add (local.get $i) (local.get $n)))
        (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100))))
      (loop $add
        (local.set $i (i32.sub (local.get $i) (i32.const 1)))
        (local.set $sum (i64.add (local.get $sum)
          (i64.extend_i32_u (array.get $words (local.get $words) (local.get $i)))))
        (br_if $add (local.get $i)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))

  ;; Objects of three types in turn, told apart by casts.
  (func (export "casts") (param $n i32) (result i64)
    (local $shapes (ref null $shapes)) (local $i i32) (local $sum i64) (local $shape (ref null $shape))
    (local.set $shapes (array.new_default $shapes (i32.const 300)))
    (loop $make
      (array.set $shapes (local.get $shapes) (local.get $i) (struct.new $shape (i32.const 1)))
      (array.set $shapes (local.get $shapes) (i32.add (local.get $i) (i32.const 1))
        (struct.new $square (i32.const 2)))
      (array.set $shapes (local.get $shapes) (i32.add (local.get $i) (i32.const 2))
        (struct.new $box (i32.const 3) (i32.const 4)))
      (br_if $make (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 3))) (i32.const 300))))
    (loop $next
      (local.set $i (i32.const 0))
      (loop $look
        (local.set $shape (array.get $shapes (local.get $shapes) (local.get $i)))
        (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u
          (block $done (result i32)
            (drop (block $box (result (ref $box))
              (drop (block $square (result (ref $square))
                (drop (br_on_cast $square (ref null $shape) (ref $square) (local.get $shape)))
                (drop (br_on_cast $box (ref null $shape) (ref $box) (local.get $shape)))
                (br $done (struct.get $shape $size (local.get $shape)))))
              (br $done (i32.mul (i32.const 10)
                (struct.get $square $size (ref.cast (ref $square) (local.get $shape)))))))
            (struct.get $box $height (ref.cast (ref $box) (local.get $shape)))))))
        (br_if $look (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 300))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))
