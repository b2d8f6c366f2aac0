;; wabt #2205. Kind: control flow, exceptions as they were before `try_table`: every construct, in the ways in which they nest, beside the new ones, and branches out of each.

(module $exporter
  (tag (export "shared") (param i32))
  (func (export "throw") (param i32) (throw 0 (local.get 0))))
(register "exporter")

(module
  (import "exporter" "shared" (tag $shared (param i32)))
  ;; The same once more: what is caught is found by the tag that it is, not by its name here.
  (import "exporter" "shared" (tag $again (param i32)))
  (import "exporter" "throw" (func $throw_shared (param i32)))
  (tag $empty)
  (tag $i32 (param i32))
  (tag $pair (param i64 f64))
  (type $to_i32 (func (result i32)))
  (memory 1)
  (table funcref (elem $throw_by))

  ;; 0: returns, 1: $empty, 2: $i32, 3: $pair, 4: $shared, 5: traps.
  (func $throw_by (param $which i32)
    (block $5 (block $4 (block $3 (block $2 (block $1 (block $0
      (br_table $0 $1 $2 $3 $4 $5 (local.get $which)))
      (return))
      (throw $empty))
      (throw $i32 (i32.const 20)))
      (throw $pair (i64.const 30) (f64.const 0.5)))
      (call $throw_shared (i32.const 40)) (return))
    (unreachable))

  (func $caught (export "caught") (param $which i32) (result i32) (local $f f64)
    try (result i32)
       (call $throw_by (local.get $which)) (i32.const 0)
      catch $empty (i32.const 1)
      catch $i32
      catch $pair (local.set $f) (i32.wrap_i64) (i32.add (i32.trunc_f64_s (f64.mul (local.get $f) (f64.const 2))))
      catch_all (i32.const 99) end)

  (func (export "caught_indirectly") (param $which i32) (result i32)
    try (result i32)
       (call_indirect (param i32) (local.get $which) (i32.const 0)) (i32.const 0)
      catch $again
      catch_all (i32.const 99) end)

  ;; What no part catches goes on, and locals are as they were when it was thrown.
  (func (export "uncaught_inside") (param $which i32) (result i32) (local $at i32)
    try (result i32)
      
        (local.set $at (i32.const 100))
        try (result i32)
          
            (local.set $at (i32.const 200))
            (call $throw_by (local.get $which))
            (local.set $at (i32.const 300))
            (i32.const 0)
          catch $empty (local.get $at)
          catch $pair (drop) (drop) (local.set $at (i32.const 400)) (local.get $at) end
      catch $i32 (i32.add (local.get $at))
      catch_all (local.get $at) end)

  (func (export "try_without_parts") (param $which i32) (result i32)
    try (result i32)
       try (result i32)  (call $throw_by (local.get $which)) (i32.const 7) end
      catch $i32
      catch $shared end)

  ;; In a part that catches, what the same `try` has is no longer in effect.
  (func (export "throw_in_catch") (param $which i32) (result i32)
    try (result i32)
      
        try (result i32)
           (call $throw_by (local.get $which)) (i32.const 0)
          catch $empty (throw $i32 (i32.const 1))
          catch $i32 (throw $i32 (i32.add (i32.const 1)))
          catch_all (throw $pair (i64.const 5) (f64.const 6)) end
      catch $i32
      catch $pair (drop) (i32.wrap_i64) end)

  (func (export "rethrow_depths") (param $which i32) (param $depth i32) (result i32)
    try (result i32)
      
        try (result i32)
           (throw $i32 (i32.const 1000))
          catch $i32
            (drop)
            try (result i32)
               (call $throw_by (local.get $which)) (i32.const 0)
              catch_all
                (if (i32.eqz (local.get $depth)) (then (rethrow 1)))
                (loop (block (rethrow 3)))
                (i32.const 1) end end
        
      catch $i32
      catch_all (i32.const 2) end)

  ;; A rethrown exception is the same one, not a copy of what was taken out of it.
  (func (export "rethrow_keeps") (result i32 i64 f64)
    try (result i32 i64 f64)
      
        try (result i32 i64 f64)
           (throw $pair (i64.const -1) (f64.const nan:0x8000000000001))
          catch $pair (drop) (drop) (rethrow 0) end
      catch $pair (i32.const 1) (call $turn) end)
  (func $turn (param i64 f64 i32) (result i32 i64 f64)
    (local.get 2) (local.get 0) (local.get 1))

  (func (export "delegate") (param $which i32) (result i32)
    try $outer (result i32)
      
        try $middle (result i32)
          
            try (result i32)
               (call $throw_by (local.get $which)) (i32.const 0)
              delegate $outer
          catch_all (i32.const 1) end
      catch $i32 (i32.add (i32.const 1))
      catch_all (i32.const 2) end)

  (func (export "delegate_to_next") (param $which i32) (result i32)
    try $middle (result i32)
      
        try (result i32)
           (call $throw_by (local.get $which)) (i32.const 0)
          delegate $middle
      catch $i32 (i32.add (i32.const 2))
      catch_all (i32.const 1) end)

  ;; A block catches nothing: what is delegated to it goes on to the `try` around.
  (func (export "delegate_to_block") (param $which i32) (result i32)
    try (result i32)
      
        (block $block (result i32)
          try (result i32)
            
              try (result i32)
                 (call $throw_by (local.get $which)) (i32.const 0)
                delegate $block
            catch_all (i32.const 1) end)
      catch_all (i32.const 2) end)

  ;; To a part that catches: the `try` itself is over.
  (func (export "delegate_to_catch") (param $which i32) (result i32)
    try (result i32)
      
        try $over (result i32)
           (throw $empty)
          catch $empty
            try (result i32)
              
                try (result i32)
                   (call $throw_by (local.get $which)) (i32.const 0)
                  delegate $over
              catch_all (i32.const 1) end
          catch_all (i32.const 3) end
      catch_all (i32.const 2) end)

  (func $delegate_out (param $which i32) (result i32)
    try (result i32)
      
        try (result i32)
           (call $throw_by (local.get $which)) (i32.const 0)
          delegate 1
      catch_all (i32.const 1) end)
  (func (export "delegate_out_of_function") (param $which i32) (result i32)
    try (result i32)
       (call $delegate_out (local.get $which))
      catch_all (i32.const 2) end)

  ;; Delegation out of a delegation.
  (func (export "delegates") (param $which i32) (result i32)
    try $a (result i32)
      
        try $b (result i32)
          
            try $c (result i32)
              
                try (result i32)
                   (call $throw_by (local.get $which)) (i32.const 0)
                  delegate $c
              delegate $a
          catch_all (i32.const 1) end
      catch $i32
      catch_all (i32.const 2) end)

  ;; Branches out of every part, with values.
  (func (export "branches") (param $which i32) (result i32)
    (block $out (result i32)
      try $try (result i32)
         (call $throw_by (local.get $which)) (br $try (i32.const 0))
        catch $empty (br $out (i32.const 1))
        catch $i32 (br_if $out (i32.const 1)) (br $try)
        catch_all (return (i32.const 3)) end
      (i32.add (i32.const 50))))

  ;; In a loop: locals and operands that live around the `try`, and parameters of it.
  (func (export "loop") (param $n i32) (result i32) (local $sum i32) (local $i i32)
    (loop $again
      (i32.const 1000)
      (i32.rem_u (local.get $i) (i32.const 4))
      try (param i32) (result i32)
         (call $throw_by) (i32.const 1)
        catch $i32
        catch_all (i32.const 5) end
      (i32.add)
      (local.set $sum (i32.add (local.get $sum)))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $sum))

  ;; Traps are not caught.
  (func (export "trap") (result i32)
    try (result i32)  (call $throw_by (i32.const 5)) (i32.const 0) catch_all (i32.const 1) end)
  (func (export "trap_in_try") (result i32)
    try (result i32)  (i32.load (i32.const -4)) catch_all (i32.const 1) end)

  ;; Code that is never reached, in every place.
  (func (export "unreachable_parts") (param $which i32) (result i32)
    (block
      (br 0)
      try  try  catch_all (rethrow 0) end catch $i32 (drop) catch_all end
      try  delegate 0)
    try (result i32)
       (throw $i32 (i32.const 3)) try  catch_all end try  delegate 0 (i32.const 8)
      catch $empty (unreachable)
      catch $i32 end)
  (func (export "branch_out_of_delegate") (param $which i32) (result i32)
    try $outer (result i32)
        try $inner (result i32)
           (call $throw_by (local.get $which)) (br $inner (i32.const 6))
          delegate $outer
      catch $i32
      catch_all (i32.const 7) end)
  (func (export "nothing_throws") (result i32)
    try (result i32)  (i32.const 4) catch $i32 catch_all (i32.const 5) end)

  ;; The old constructs in the new one, and the other way round.
  (func (export "in_try_table") (param $which i32) (result i32)
    (block $caught (result i32)
      (try_table (result i32) (catch $i32 $caught)
        try (result i32)
           (call $throw_by (local.get $which)) (i32.const 0)
          catch $empty (i32.const 1) end)))
  (func (export "around_try_table") (param $which i32) (result i32)
    try (result i32)
      
        (block $caught
          (try_table (catch $empty $caught) (call $throw_by (local.get $which)))
          (return (i32.const 0)))
        (i32.const 1)
      catch $i32
      catch_all (i32.const 2) end)
  (func (export "reference_thrown_in_try") (param $which i32) (result i32)
    try (result i32)
      
        (block $caught (result exnref)
          (try_table (catch_all_ref $caught) (call $throw_by (local.get $which)))
          (return (i32.const 0)))
        (throw_ref)
      catch $i32
      catch_all (i32.const 2) end)
  (func (export "delegate_to_try_table") (param $which i32) (result i32)
    (block $caught (result i32)
      (try_table $table (result i32) (catch $i32 $caught)
        try (result i32)
          
            try (result i32)
               (call $throw_by (local.get $which)) (i32.const 0)
              delegate $table
          catch_all (i32.const 1) end)))

  ;; Many exceptions while others are held: the heap fills, and what is held moves.
  (func (export "held") (param $n i32) (result i32) (local $i i32)
    try (result i32)
       (throw $i32 (i32.const 77))
      catch $i32
        (drop)
        (loop $more
          try  (call $throw_by (i32.const 3)) catch_all end
          (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
        try (result i32)
           (rethrow 1)
          catch $i32 end end)
)

(assert_return (invoke "branch_out_of_delegate" (i32.const 0)) (i32.const 6))
(assert_return (invoke "branch_out_of_delegate" (i32.const 1)) (i32.const 7))
(assert_return (invoke "branch_out_of_delegate" (i32.const 2)) (i32.const 20))
(assert_return (invoke "caught" (i32.const 0)) (i32.const 0))
(assert_return (invoke "caught" (i32.const 1)) (i32.const 1))
(assert_return (invoke "caught" (i32.const 2)) (i32.const 20))
(assert_return (invoke "caught" (i32.const 3)) (i32.const 31))
(assert_return (invoke "caught" (i32.const 4)) (i32.const 99))
(assert_trap (invoke "caught" (i32.const 5)) "unreachable")
(assert_return (invoke "caught_indirectly" (i32.const 4)) (i32.const 40))
(assert_return (invoke "caught_indirectly" (i32.const 1)) (i32.const 99))
(assert_return (invoke "uncaught_inside" (i32.const 0)) (i32.const 0))
(assert_return (invoke "uncaught_inside" (i32.const 1)) (i32.const 200))
(assert_return (invoke "uncaught_inside" (i32.const 2)) (i32.const 220))
(assert_return (invoke "uncaught_inside" (i32.const 3)) (i32.const 400))
(assert_return (invoke "uncaught_inside" (i32.const 4)) (i32.const 200))
(assert_return (invoke "try_without_parts" (i32.const 0)) (i32.const 7))
(assert_return (invoke "try_without_parts" (i32.const 2)) (i32.const 20))
(assert_return (invoke "try_without_parts" (i32.const 4)) (i32.const 40))
(assert_exception (invoke "try_without_parts" (i32.const 1)))
(assert_return (invoke "throw_in_catch" (i32.const 0)) (i32.const 0))
(assert_return (invoke "throw_in_catch" (i32.const 1)) (i32.const 1))
(assert_return (invoke "throw_in_catch" (i32.const 2)) (i32.const 21))
(assert_return (invoke "throw_in_catch" (i32.const 4)) (i32.const 5))
(assert_return (invoke "rethrow_depths" (i32.const 0) (i32.const 0)) (i32.const 0))
(assert_return (invoke "rethrow_depths" (i32.const 2) (i32.const 0)) (i32.const 20))
(assert_return (invoke "rethrow_depths" (i32.const 2) (i32.const 1)) (i32.const 1000))
(assert_return (invoke "rethrow_depths" (i32.const 1) (i32.const 0)) (i32.const 2))
(assert_return (invoke "rethrow_keeps") (i32.const 1) (i64.const -1) (f64.const nan:0x8000000000001))
(assert_return (invoke "delegate" (i32.const 0)) (i32.const 0))
(assert_return (invoke "delegate" (i32.const 1)) (i32.const 2))
(assert_return (invoke "delegate" (i32.const 2)) (i32.const 21))
(assert_return (invoke "delegate_to_next" (i32.const 2)) (i32.const 22))
(assert_return (invoke "delegate_to_next" (i32.const 3)) (i32.const 1))
(assert_return (invoke "delegate_to_block" (i32.const 0)) (i32.const 0))
(assert_return (invoke "delegate_to_block" (i32.const 1)) (i32.const 2))
(assert_return (invoke "delegate_to_catch" (i32.const 0)) (i32.const 0))
(assert_return (invoke "delegate_to_catch" (i32.const 4)) (i32.const 2))
(assert_return (invoke "delegate_out_of_function" (i32.const 0)) (i32.const 0))
(assert_return (invoke "delegate_out_of_function" (i32.const 3)) (i32.const 2))
(assert_return (invoke "delegates" (i32.const 2)) (i32.const 20))
(assert_return (invoke "delegates" (i32.const 4)) (i32.const 2))
(assert_return (invoke "branches" (i32.const 0)) (i32.const 50))
(assert_return (invoke "branches" (i32.const 1)) (i32.const 1))
(assert_return (invoke "branches" (i32.const 2)) (i32.const 20))
(assert_return (invoke "branches" (i32.const 3)) (i32.const 3))
(assert_return (invoke "loop" (i32.const 4)) (i32.const 4031))
(assert_return (invoke "loop" (i32.const 400)) (i32.const 403100))
(assert_trap (invoke "trap") "unreachable")
(assert_trap (invoke "trap_in_try") "out of bounds memory access")
(assert_return (invoke "unreachable_parts" (i32.const 0)) (i32.const 3))
(assert_return (invoke "nothing_throws") (i32.const 4))
(assert_return (invoke "in_try_table" (i32.const 0)) (i32.const 0))
(assert_return (invoke "in_try_table" (i32.const 1)) (i32.const 1))
(assert_return (invoke "in_try_table" (i32.const 2)) (i32.const 20))
(assert_exception (invoke "in_try_table" (i32.const 3)))
(assert_return (invoke "around_try_table" (i32.const 1)) (i32.const 1))
(assert_return (invoke "around_try_table" (i32.const 2)) (i32.const 20))
(assert_return (invoke "around_try_table" (i32.const 4)) (i32.const 2))
(assert_return (invoke "reference_thrown_in_try" (i32.const 2)) (i32.const 20))
(assert_return (invoke "reference_thrown_in_try" (i32.const 3)) (i32.const 2))
(assert_return (invoke "delegate_to_try_table" (i32.const 2)) (i32.const 20))
(assert_exception (invoke "delegate_to_try_table" (i32.const 1)))
(assert_return (invoke "held" (i32.const 1)) (i32.const 77))
(assert_return (invoke "held" (i32.const 100000)) (i32.const 77))

;; Objects in exceptions that are held.
(module
  (type $box (struct (field i32)))
  (tag $box (param (ref $box)))
  (func $throw (param i32) (throw $box (struct.new $box (local.get 0))))
  (func (export "held") (param $n i32) (result i32) (local $i i32)
    try (result i32)
       (call $throw (i32.const 5)) (i32.const 0)
      catch $box
        (drop)
        (loop $more
          try  (call $throw (local.get $i)) catch $box (drop) end
          (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
        try (result i32)
           (rethrow 1)
          catch $box (struct.get $box 0) end end))
(assert_return (invoke "held" (i32.const 100000)) (i32.const 5))

(assert_invalid
  (module (func try  catch 0 end))
  "unknown tag")
(assert_invalid
  (module (func (block (rethrow 0))))
  "target was not a `catch` block")
(assert_invalid
  (module (func try  (rethrow 0) catch_all end))
  "target was not a `catch` block")
(assert_invalid
  (module (func try  delegate 2))
  "unknown label")
(assert_invalid
  (module (tag (param i32)) (func try  catch 0 end))
  "type mismatch")
(assert_invalid
  (module (func (result i32) try (result i32)  (i32.const 1) catch_all end))
  "type mismatch")
