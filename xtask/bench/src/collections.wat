;; What a collection of garbage has to look at, as much of it as an argument says.
(module
  (import "host" "collect" (func $collect))
  (type $node (struct (field (ref null $node)) (field i64)))
  (type $bytes (array i8))
  (global $kept (mut anyref) (ref.null any))
  (table $elements 16384 anyref)

  (func (export "objects") (param $count i32)
    (local $list (ref null $node))
    (block $done
      (loop $more
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $list (struct.new $node (local.get $list) (i64.const 7)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $more)))
    (global.set $kept (local.get $list))
    (call $collect))

  (func (export "bytes") (param $count i32)
    (global.set $kept (array.new_default $bytes (local.get $count)))
    (call $collect))

  (func (export "elements") (param $count i32)
    (table.fill $elements (i32.const 0) (struct.new_default $node) (local.get $count))
    (call $collect))

  (func $frames (export "frames") (param $count i32)
    (local $object (ref $node))
    (local.set $object (struct.new_default $node))
    (if (local.get $count)
      (then (call $frames (i32.sub (local.get $count) (i32.const 1))))
      (else (call $collect)))
    (drop (struct.get $node 1 (local.get $object))))

  (func (export "object") (result anyref)
    (struct.new_default $node))

  (func (export "collect")
    (call $collect)))
