;;! x86_64 clif faults
;;! x86_64 clif checks

(module
  (table $fixed 4 4 funcref)
  (table $growing 1 externref)
  (elem func $get)
  (func $get (param i32) (result funcref)
    (table.get $fixed (local.get 0)))
  (func $get_constant (result funcref)
    (table.get $fixed (i32.const 3)))
  (func $set (param i32 externref)
    (table.set $growing (local.get 0) (local.get 1)))
  (func $size (result i32)
    (i32.add (table.size $fixed) (table.size $growing)))
  (func $grow (param externref i32) (result i32)
    (table.grow $growing (local.get 0) (local.get 1)))
  (func $bulk (param i32 i32 i32 externref)
    (table.copy $fixed $fixed (local.get 0) (local.get 1) (local.get 2))
    (table.fill $growing (local.get 0) (local.get 3) (local.get 2))
    (table.init $fixed 0 (local.get 0) (local.get 1) (local.get 2))
    (elem.drop 0))
  (func $references (param externref) (result i32)
    (i32.or (ref.is_null (ref.func $get)) (ref.is_null (local.get 0)))))
