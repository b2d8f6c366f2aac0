;; Blocks exist where control meets, and nowhere else.
;;! x86_64 clif faults

(module
  ;; Nothing branches out of it.
  (func $block (result i32)
    (block (result i32) (i32.const 1)))
  (func $if (param i32)
    (if (local.get 0) (then (call $if (i32.const 0)))))
  (func $if_else (param i32) (result i32)
    (if (result i32) (local.get 0) (then (i32.const 1)) (else (i32.const 2))))
  ;; A valid `if` with parameters and no `else`.
  (func $if_param (param i32) (result i32)
    local.get 0
    (if (param i32) (result i32) (local.get 0) (then (i32.add (i32.const 1)))))
  ;; Both arms leave: nothing comes behind.
  (func $both_return (param i32) (result i32)
    (if (local.get 0) (then (return (i32.const 1))) (else (return (i32.const 2))))
    (unreachable))
  (func $count (param i32) (result i32)
    (local i32)
    (loop $again
      (local.set 1 (i32.add (local.get 1) (local.get 0)))
      (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 1))
  (func $table (param i32) (result i32)
    (block $a
      (block $b
        (block $c (br_table $a $b $a $c (local.get 0)))
        (return (i32.const 3)))
      (return (i32.const 2)))
    (i32.const 1))
  (func $table_with_operand (param i32) (result i32)
    (block $a (result i32)
      (block $b (result i32)
        (br_table $a $b $a (i32.const 7) (local.get 0)))
      (i32.add (i32.const 1))))
  ;; Blocks within unreachable code leave no trace.
  (func $unreachable (result i32)
    (return (i32.const 1))
    (block (loop (br 1)) (if (i32.const 0) (then) (else)))
    (drop)
    (i32.const 0)))
